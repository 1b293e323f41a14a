/**
 * How far the spoken test of a voice tells its sentence from everything else: prints the likeness of recorded voices
 * (flite, to be installed), eSpeak NG and the micro-Kokoro, and of what is no such speech. Small is alike; the limit is
 * in engines/spoken-test/spoken-test.ts.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { concatSamples, type Pcm } from '../../core/audio/pcm.ts';
import { openEspeak } from '../../engines/espeak-runtime.ts';
import { phonemize } from '../../engines/kokoro/g2p.ts';
import { likeness } from '../../engines/spoken-test/likeness.ts';
import { TEST_SENTENCE } from '../../engines/spoken-test/spoken-test.ts';
import { readVocabulary } from '../../engines/kokoro/vocabulary.ts';
import { kokoroTokenizer, microSpeech } from '../support/micro-kokoro.ts';
import { createRandom } from '../support/random.ts';
import { readFromDisk, runtimeUrls } from '../support/runtime-files.ts';
import { never } from '../support/stage-contract.ts';

const OTHER = 'The weather is fine today and nobody needs an umbrella at all.';
const VOICES = ['kal16', 'awb', 'rms', 'slt'];

const folder = mkdtempSync(join(tmpdir(), 'parley-flite-'));
const espeak = await openEspeak({ assetUrl: runtimeUrls.espeak, read: readFromDisk }, () => {}, never);
const vocabulary = readVocabulary(kokoroTokenizer, { name: 'Micro-Kokoro', modelId: 'micro/kokoro' });
const { next } = createRandom(7);

function flite(text: string, voice: string, stretch: number): Pcm {
  const file = join(folder, 'said.wav');
  execFileSync('flite', ['-voice', voice, '--setf', `duration_stretch=${stretch}`, '-t', text, '-o', file]);
  const bytes = readFileSync(file);
  const words = new Int16Array(bytes.buffer.slice(bytes.byteOffset + bytes.indexOf('data') + 8));
  return { samples: Float32Array.from(words, (word) => word / 32_768), rateHz: bytes.readUInt32LE(24) };
}

function spoken(text: string, voice: string, rate: number): Pcm {
  return { samples: concatSamples(espeak.synthesize(text, voice, rate)), rateHz: espeak.rateHz };
}

function micro(speed: number): Pcm {
  const phonemes = vocabulary.known(phonemize(TEST_SENTENCE, 'en-us', espeak));
  return { samples: microSpeech(vocabulary.encode(phonemes), speed), rateHz: 24_000 };
}

function shuffled({ samples, rateHz }: Pcm, ms: number): Pcm {
  const size = Math.round((rateHz * ms) / 1000);
  const pieces = Array.from({ length: Math.floor(samples.length / size) }, (_, n) =>
    samples.slice(n * size, (n + 1) * size),
  );
  const order = pieces.map((piece) => ({ piece, at: next() })).toSorted((a, b) => a.at - b.at);
  return { samples: concatSamples(order.map(({ piece }) => piece)), rateHz };
}

const made = (sample: (at: number) => number): Pcm => ({
  samples: Float32Array.from({ length: 72_000 }, (_, at) => sample(at)),
  rateHz: 24_000,
});
const changed = (pcm: Pcm, sample: (value: number) => number): Pcm => ({
  ...pcm,
  samples: pcm.samples.map(sample),
});

const base = flite(TEST_SENTENCE, 'slt', 1);
const right: Record<string, Pcm> = {
  'eSpeak, British': spoken(TEST_SENTENCE, 'gmw/en', 220),
  'micro-Kokoro': micro(1),
  'micro-Kokoro, faster': micro(1.3),
};
const wrong: Record<string, Pcm> = {
  noise: made(() => next() - 0.5),
  hum: made((at) => 0.5 * Math.sin(at / 20)),
  'noise in bursts': made((at) => (next() - 0.5) * Math.max(0, Math.sin(at / 2_400))),
  'pieces of 50 ms': shuffled(base, 50),
  'pieces of 200 ms': shuffled(base, 200),
  'double speed': { ...base, rateHz: base.rateHz * 2 },
  'half speed': { ...base, rateHz: base.rateHz / 2 },
  clipped: changed(base, (value) => Math.sign(value) / 2),
  'drowned in noise': changed(base, (value) => 0.3 * value + next() - 0.5),
  'another sentence, eSpeak': spoken(OTHER, 'gmw/en-US', 175),
};
for (const voice of VOICES) {
  for (const stretch of [0.8, 1, 1.3]) right[`${voice} × ${stretch}`] = flite(TEST_SENTENCE, voice, stretch);
  wrong[`another sentence, ${voice}`] = flite(OTHER, voice, 1);
}
rmSync(folder, { recursive: true });

const reference = spoken(TEST_SENTENCE, 'gmw/en-US', 175);
for (const [kind, sounds] of Object.entries({ right, wrong })) {
  for (const [name, sound] of Object.entries(sounds))
    process.stdout.write(`${kind.padEnd(6)} ${name.padEnd(28)} ${likeness(sound, reference).toFixed(3)}\n`);
}
const before = performance.now();
likeness(base, reference);
process.stdout.write(`one comparison: ${Math.round(performance.now() - before)} ms\n`);
