// Recognises WAV files (16 kHz, mono, 16-bit) with transformers.js, as the page does, and prints one JSON line each.
//
//   node recognise_wavs.mjs MODEL_FOLDER fp32|q8 FILE.wav...
//
// Run it where @huggingface/transformers can be resolved.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { env, pipeline } from '@huggingface/transformers';

/** Samples in [-1, 1] of a WAV file's data chunk. */
function samplesOf(buffer) {
  let offset = 12;
  while (buffer.toString('latin1', offset, offset + 4) !== 'data') {
    offset += 8 + buffer.readUInt32LE(offset + 4);
  }
  const count = buffer.readUInt32LE(offset + 4) / 2;
  return Float32Array.from({ length: count }, (_, index) => buffer.readInt16LE(offset + 8 + 2 * index) / 32768);
}

const [folder, dtype, ...files] = process.argv.slice(2);
const resolved = path.resolve(folder);
env.allowRemoteModels = false;
env.localModelPath = path.dirname(resolved);
const recognise = await pipeline('automatic-speech-recognition', path.basename(resolved), { dtype });
for (const file of files) {
  const samples = samplesOf(await readFile(file));
  const started = performance.now();
  const { text } = await recognise(samples);
  console.log(JSON.stringify({ file, text: text.trim(), milliseconds: Math.round(performance.now() - started) }));
}
