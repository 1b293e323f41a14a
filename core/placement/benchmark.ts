import type { Pcm } from '../audio/pcm.ts';
import { SPEECH_RATE_HZ } from '../audio/pcm.ts';
import type { Recognizer, Responder, Synthesizer, UtterancePart, Voice } from '../stages/stage.ts';
import type { Speed } from './speed.ts';

const SECOND_MS = 1_000;
/** Enough to tell the pace of a model, and over in a moment. */
const TOKENS = 8;
/** People speak some 150 words a minute, and a word is about one and a half tokens: what a voice uses up. */
const TOKENS_A_SECOND_SPOKEN = 4;

type NowMs = () => number;

/** Recognises a second of soft noise. Nobody has to speak for that; the work is the same. */
export async function measureRecognizer(
  recognizer: Recognizer,
  nowMs: NowMs,
  signal: AbortSignal,
): Promise<Speed> {
  const startMs = nowMs();
  for await (const _words of recognizer.transcribe(noise(), {}, signal));
  const tookMs = Math.max(1, nowMs() - startMs);
  return { delayMs: tookMs, timesRealTime: SECOND_MS / tookMs };
}

/** Asks for a few tokens. Where the answer is too short to tell the pace, only its beginning counts. */
export async function measureResponder(
  responder: Responder,
  nowMs: NowMs,
  signal: AbortSignal,
): Promise<Speed> {
  const startMs = nowMs();
  const arrivals: number[] = [];
  const messages = [{ role: 'user', content: 'Tell me a joke.' }] as const;
  for await (const _part of responder.reply({ messages, tools: [], maxTokens: TOKENS }, signal))
    arrivals.push(nowMs());
  const [firstMs = nowMs()] = arrivals;
  const spanMs = (arrivals.at(-1) ?? firstMs) - firstMs;
  const delayMs = firstMs - startMs;
  if (arrivals.length < TOKENS / 2 || spanMs <= 0) return { delayMs };
  const tokensASecond = ((arrivals.length - 1) * SECOND_MS) / spanMs;
  return { delayMs, timesRealTime: tokensASecond / TOKENS_A_SECOND_SPOKEN };
}

/** Says a short sentence that nobody hears. */
export async function measureSynthesizer(
  synthesizer: Synthesizer,
  voice: Voice,
  nowMs: NowMs,
  signal: AbortSignal,
): Promise<Speed> {
  const startMs = nowMs();
  let delayMs: number | undefined;
  let soundMs = 0;
  for await (const { samples, rateHz } of synthesizer.speak('One, two, three.', voice, signal)) {
    delayMs ??= nowMs() - startMs;
    soundMs += (samples.length * SECOND_MS) / rateHz;
  }
  const tookMs = Math.max(1, nowMs() - startMs);
  return { delayMs: delayMs ?? tookMs, ...(soundMs > 0 && { timesRealTime: soundMs / tookMs }) };
}

/** A second at −50 dBFS, the same each time. */
async function* noise(): AsyncGenerator<UtterancePart> {
  let seed = 1;
  const samples = Float32Array.from({ length: SPEECH_RATE_HZ }, () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return (seed / 2_147_483_647 - 0.5) * 0.01;
  });
  yield { type: 'audio', pcm: { samples, rateHz: SPEECH_RATE_HZ } satisfies Pcm };
}
