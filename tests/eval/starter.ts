/**
 * How good the starter models are, with the product's own engines in Node: word errors on held-out sentences by voices
 * never used in training, words invented on sounds that hold none, and intents and tool calls of the chat model.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { report } from '../bench/report.ts';
import type { Pcm } from '../../core/audio/pcm.ts';
import { openEar } from '../support/ear.ts';
import type { Ear } from '../support/ear.ts';
import { spokenForm, wordErrors } from '../support/spoken-form.ts';
import { starterChat } from '../support/starter-engines.ts';
import { ask, isRight, isValidCall } from './judge-reply.ts';
import type { Paraphrase } from './judge-reply.ts';
import { addNoise, nonSpeech } from './noise.ts';
import { ensureVoices, speakHeldout } from './speak-heldout.ts';
import type { HeldoutVoice } from './speak-heldout.ts';

const NOISE_DB = 10;
const SILENCE_S = 0.3;
const MODELS = 'public/models/starter';

interface Heldout {
  sentences: { text: string; spoken: string }[];
  paraphrases: Paraphrase[];
  intents: Record<string, string[]>;
}

const read = (name: string): unknown => JSON.parse(readFileSync(`tools/starter-models/${name}`, 'utf8'));
const heldout = read('heldout.json') as Heldout;
const voices = read('heldout_voices.json') as HeldoutVoice[];
const verbose = process.argv.includes('--verbose');

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const round = (share: number): number => Math.round(share * 10_000) / 10_000;
const note = (line: string): void => void (verbose && process.stdout.write(`${line}\n`));

const listOf = (text: string): string[] => (text === '' ? [] : text.split(' '));

/** The voices take turns. The first is the only one that was recorded from a person. */
function voiceOf(index: number): HeldoutVoice {
  return voices[index % voices.length] as HeldoutVoice;
}

/** Speech with the silence around it that voice activity detection leaves. */
function spoken(text: string, voice: HeldoutVoice): Pcm {
  const { samples, rateHz } = speakHeldout(text, voice);
  const around = Math.round(SILENCE_S * rateHz);
  const padded = new Float32Array(samples.length + 2 * around);
  padded.set(samples, around);
  return { samples: padded, rateHz };
}

/** Errors and words of all sentences in one voice. */
async function errorsOfVoice(ear: Ear, voice: HeldoutVoice): Promise<number> {
  let errors = 0;
  let words = 0;
  for (const sentence of heldout.sentences) {
    const reference = listOf(sentence.spoken);
    errors += wordErrors(reference, listOf(spokenForm(await ear.words(spoken(sentence.text, voice)))));
    words += reference.length;
  }
  return errors / words;
}

async function evaluateRecogniser() {
  const ear = await openEar();
  const errors = { clean: 0, noise: 0 };
  let words = 0;
  for (const [index, sentence] of heldout.sentences.entries()) {
    const voice = voiceOf(index);
    const pcm = spoken(sentence.text, voice);
    const reference = listOf(sentence.spoken);
    const heard = spokenForm(await ear.words(pcm));
    const clean = wordErrors(reference, listOf(heard));
    const noisy = spokenForm(await ear.words(addNoise(pcm, NOISE_DB, index)));
    errors.clean += clean;
    errors.noise += wordErrors(reference, listOf(noisy));
    words += reference.length;
    if (clean > 0) note(`${voice.voice}: ${sentence.spoken}\n${' '.repeat(voice.voice.length)}  ${heard}`);
  }
  let invented = 0;
  for (const { name, pcm } of nonSpeech()) {
    const text = spokenForm(await ear.words(pcm));
    if (text !== '') note(`on ${name}: ${text}`);
    invented += listOf(text).length;
  }
  const human = await errorsOfVoice(ear, voiceOf(0));
  await ear.close();
  return {
    wer_clean: round(errors.clean / words),
    wer_noise_10db: round(errors.noise / words),
    wer_clean_human_recorded: round(human),
    words_on_nonspeech: invented,
  };
}

async function evaluateChat() {
  const chat = starterChat();
  await chat.load(() => {}, new AbortController().signal);
  let right = 0;
  let calls = 0;
  let valid = 0;
  for (const paraphrase of heldout.paraphrases) {
    const reply = await ask(chat, paraphrase);
    calls += reply.calls.length;
    valid += reply.calls.filter(isValidCall).length;
    if (isRight(reply, paraphrase, heldout.intents)) right += 1;
    else note(`${paraphrase.intent}: ${paraphrase.messages.at(-1)?.content} → ${JSON.stringify(reply)}`);
  }
  await chat.dispose();
  return {
    intent_accuracy: round(right / heldout.paraphrases.length),
    tool_calls_valid: round(valid / calls),
  };
}

function bytesIn(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

ensureVoices();
const result = { ...(await evaluateRecogniser()), ...(await evaluateChat()), bytes_total: bytesIn(MODELS) };
report(
  'Starter models on what they were not trained on',
  [
    ['word error rate, clean', `${percent(result.wer_clean)}  (goal 8 %)`],
    ['  all of it in the one voice recorded from a person', percent(result.wer_clean_human_recorded)],
    ['word error rate, noise at 10 dB', `${percent(result.wer_noise_10db)}  (goal 20 %)`],
    ['words on 4 × 60 s without speech', `${result.words_on_nonspeech}  (goal 0)`],
    ['intent accuracy', `${percent(result.intent_accuracy)}  (goal 95 %)`],
    ['tool calls valid', `${percent(result.tool_calls_valid)}  (goal 100 %)`],
    ['bytes of all starter models', `${(result.bytes_total / 1e6).toFixed(1)} MB  (goal 30 MB)`],
  ],
  result,
);
