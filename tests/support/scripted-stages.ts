import type { Pcm } from '../../core/audio/pcm.ts';
import { createChannel } from '../../core/channel.ts';
import type { Channel } from '../../core/channel.ts';
import type { Clock } from '../../core/clock.ts';
import { AppError, throwIfAborted } from '../../core/errors.ts';
import type { SpeechEvent, SpeechSource } from '../../core/stages/speech-source.ts';
import type {
  Recognizer,
  ReplyPart,
  ReplyRequest,
  Responder,
  StageInfo,
  Synthesizer,
  Transcript,
  UtterancePart,
} from '../../core/stages/stage.ts';
import type { TurnDetector } from '../../core/stages/turn-detector.ts';

/** Waits on the given clock; rejects with `aborted` at once when the signal fires. */
export function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    throwIfAborted(signal);
    const onAbort = (): void => {
      cancel();
      reject(new AppError('aborted', 'The work was cancelled.'));
    };
    const cancel = clock.after(ms, () => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    });
    signal.addEventListener('abort', onAbort, { once: true });
  });
}

const life = (model: string) => ({
  describe: (): Promise<StageInfo> =>
    Promise.resolve({ model, id: `scripted/${model}`, runtime: 'scripted', device: 'cpu' }),
  load: () => Promise.resolve(),
  dispose: () => Promise.resolve(),
});

/** A microphone whose speech events the test writes; `at` is the clock unless given. */
export interface ScriptedSource extends SpeechSource {
  started(utterance: number): void;
  confirmed(utterance: number): void;
  /** More of the utterance's audio arrives. */
  continued(utterance: number, samples?: Float32Array): void;
  paused(utterance: number, silenceMs?: number): void;
  resumed(utterance: number): void;
  ended(utterance: number): void;
  misfire(utterance: number): void;
  fail(error: AppError): void;
  readonly closed: readonly number[];
  readonly muted: boolean;
  readonly playback: boolean;
}

export function createScriptedSource(clock: Clock): ScriptedSource {
  let events: Channel<SpeechEvent> | undefined;
  const audio = new Map<number, Channel<UtterancePart>>();
  const closed: number[] = [];
  let muted = false;
  let playback = false;
  const send = (event: SpeechEvent): void => events?.push(event);
  const part = (utterance: number, value: UtterancePart): void => audio.get(utterance)?.push(value);
  return {
    get closed() {
      return closed;
    },
    get muted() {
      return muted;
    },
    get playback() {
      return playback;
    },
    events(signal) {
      const channel = createChannel<SpeechEvent>();
      events = channel;
      signal.addEventListener('abort', () => channel.close(), { once: true });
      return channel;
    },
    close(utterance) {
      closed.push(utterance);
      audio.get(utterance)?.close();
    },
    setMuted(value) {
      muted = value;
    },
    setPlayback(value) {
      playback = value;
    },
    started(utterance) {
      const stream = createChannel<UtterancePart>();
      audio.set(utterance, stream);
      const atMs = clock.nowMs();
      send({ type: 'speech.started', utterance, atMs, speechMs: atMs, audio: stream });
    },
    confirmed: (utterance) => send({ type: 'speech.confirmed', utterance, atMs: clock.nowMs() }),
    continued: (utterance, samples = new Float32Array(512)) =>
      part(utterance, { type: 'audio', pcm: { samples, rateHz: 16_000 } }),
    paused(utterance, silenceMs = 200) {
      part(utterance, { type: 'pause' });
      const heard = createChannel<Pcm>(() => {});
      heard.push({ samples: new Float32Array(512), rateHz: 16_000 });
      heard.close();
      const atMs = clock.nowMs();
      send({ type: 'speech.paused', utterance, atMs, speechMs: atMs - silenceMs, audio: heard });
    },
    resumed(utterance) {
      part(utterance, { type: 'audio', pcm: { samples: new Float32Array(512), rateHz: 16_000 } });
      send({ type: 'speech.resumed', utterance, atMs: clock.nowMs(), speechMs: clock.nowMs() });
    },
    ended(utterance) {
      send({ type: 'speech.ended', utterance, atMs: clock.nowMs(), speechMs: clock.nowMs() - 200 });
      audio.get(utterance)?.close();
    },
    misfire(utterance) {
      send({ type: 'speech.misfire', utterance, atMs: clock.nowMs() });
      audio.get(utterance)?.close();
    },
    fail: (error) => events?.close(error),
  };
}

/** Words with how sure the recogniser is of them. */
export type Heard = Omit<Transcript, 'settled'>;

/** Hears what the test says it hears: at each pause the next of `texts`, after `delayMs`; with more audio a partial. */
export function createScriptedRecognizer(
  clock: Clock,
  script: { texts: (string | Heard | AppError)[]; partials?: string[]; delayMs: number },
): Recognizer {
  return {
    ...life('recognizer'),
    async *transcribe(audio, _options, signal) {
      let last: Heard = { text: '' };
      let pending = true;
      const settle = async (): Promise<Heard> => {
        await pause(clock, script.delayMs, signal);
        const text = script.texts.shift() ?? '';
        if (text instanceof AppError) throw text;
        last = typeof text === 'string' ? { text } : text;
        return last;
      };
      for await (const part of audio) {
        if (signal.aborted) return;
        pending = part.type === 'audio';
        const partial = part.type === 'audio' ? script.partials?.shift() : undefined;
        if (partial !== undefined) yield { text: partial, settled: false };
        if (part.type === 'pause') yield { ...(await settle()), settled: true };
      }
      if (pending) yield { ...(await settle()), settled: true };
    },
  };
}

export type ReplyScript = (request: ReplyRequest) => (ReplyPart | AppError | string)[];

/** Keeps every request, until told to forget them. */
export interface ScriptedResponder extends Responder {
  readonly requests: readonly ReplyRequest[];
  readonly prepared: readonly ReplyRequest[];
  forget(): void;
}

/** Answers as scripted: the first part after `firstMs`, each further one after `nextMs`. Strings are text. */
export function createScriptedResponder(
  clock: Clock,
  script: { reply: ReplyScript; firstMs: number; nextMs: number; hears?: boolean },
): ScriptedResponder {
  const requests: ReplyRequest[] = [];
  const prepared: ReplyRequest[] = [];
  return {
    ...life('responder'),
    hears: script.hears ?? false,
    requests,
    prepared,
    forget() {
      requests.length = 0;
      prepared.length = 0;
    },
    prepare(request) {
      prepared.push(request);
      return Promise.resolve();
    },
    async *reply(request, signal) {
      requests.push(request);
      let delayMs = script.firstMs;
      for (const part of script.reply(request)) {
        await pause(clock, delayMs, signal);
        delayMs = script.nextMs;
        if (part instanceof AppError) throw part;
        yield typeof part === 'string' ? { type: 'text', text: part } : part;
      }
    },
  };
}

/**
 * Judges each pause as scripted: the next of `verdicts` once the words are known, `delayMs` later. Without a verdict it
 * says nothing, and an error it throws.
 */
export function createScriptedTurnDetector(
  clock: Clock,
  script: { verdicts: (number | AppError)[]; delayMs: number },
): TurnDetector & { readonly judged: readonly string[] } {
  const judged: string[] = [];
  return {
    ...life('turn detector'),
    judged,
    async *judge({ words }, signal) {
      const verdict = script.verdicts.shift();
      if (verdict === undefined) return;
      for await (const text of words) {
        await pause(clock, script.delayMs, signal);
        judged.push(text);
        if (verdict instanceof AppError) throw verdict;
        yield verdict;
      }
    },
  };
}

/** Speaks `msPerCharacter` of audio for every character, in chunks of 100 ms, the first after `firstMs`. */
export function createScriptedSynthesizer(
  clock: Clock,
  script: { firstMs: number; msPerCharacter: number },
): Synthesizer & { readonly spoken: readonly string[]; fail?: AppError } {
  const spoken: string[] = [];
  const synthesizer: Synthesizer & { spoken: string[]; fail?: AppError } = {
    ...life('synthesizer'),
    spoken,
    async *speak(text, _voice, signal): AsyncIterable<Pcm> {
      spoken.push(text);
      await pause(clock, script.firstMs, signal);
      if (synthesizer.fail !== undefined) throw synthesizer.fail;
      const rateHz = 16_000;
      for (let leftMs = text.length * script.msPerCharacter; leftMs > 0; leftMs -= 100) {
        throwIfAborted(signal);
        yield { samples: new Float32Array((Math.min(leftMs, 100) * rateHz) / 1000), rateHz };
      }
    },
  };
  return synthesizer;
}
