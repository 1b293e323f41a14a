// Asks the exported turn models, each through the libraries of the page, and prints one JSON line for each line it reads.
//
//   node judge_turns.mjs public/models/starter < QUESTIONS.jsonl
//
// A question is {"file": FILE.wav} (16 kHz, mono, 16-bit), {"text": WORDS} or both; the answer {"audio", "text", "milliseconds"}.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { AutoFeatureExtractor, AutoTokenizer, env } from '@huggingface/transformers';
import * as ort from 'onnxruntime-web/wasm';

const [folder] = process.argv.slice(2);
env.allowRemoteModels = false;
env.localModelPath = path.resolve(folder);
ort.env.wasm.numThreads = 1;
const open = async (name) => ort.InferenceSession.create(await readFile(path.join(folder, name, 'onnx/model_quantized.onnx')));
const audio = { session: await open('turn-audio'), extract: await AutoFeatureExtractor.from_pretrained('turn-audio') };
const text = { session: await open('turn-text'), tokenizer: await AutoTokenizer.from_pretrained('turn-text') };

/** The last 8 s of a WAV file with zeros in front, at zero mean and unit variance. */
async function normalised(file) {
  const bytes = await readFile(file);
  let at = 12;
  while (bytes.toString('latin1', at, at + 4) !== 'data') at += 8 + bytes.readUInt32LE(at + 4);
  const count = bytes.readUInt32LE(at + 4) / 2;
  const samples = new Float32Array(128_000);
  for (let index = Math.max(0, count - 128_000); index < count; index += 1) {
    samples[128_000 - count + index] = bytes.readInt16LE(at + 8 + 2 * index) / 32_768;
  }
  const mean = samples.reduce((sum, sample) => sum + sample, 0) / 128_000;
  const variance = samples.reduce((sum, sample) => sum + (sample - mean) ** 2, 0) / 128_000;
  return samples.map((sample) => (sample - mean) / Math.sqrt(variance + 1e-7));
}

async function judgeAudio(file) {
  const { input_features } = await audio.extract(await normalised(file));
  const mel = new ort.Tensor('float32', input_features.data, input_features.dims);
  const started = performance.now();
  const { logits } = await audio.session.run({ input_features: mel });
  return { audio: logits.data[0], milliseconds: performance.now() - started };
}

async function judgeText(words) {
  const ids = text.tokenizer.encode(words).slice(-64).map(BigInt);
  const row = (values) => new ort.Tensor('int64', BigInt64Array.from(values), [1, values.length]);
  const { logits } = await text.session.run({ input_ids: row(ids), attention_mask: row(ids.map(() => 1n)) });
  return { text: 1 / (1 + Math.exp(logits.data[0] - logits.data[1])) };
}

for await (const line of createInterface({ input: process.stdin })) {
  const question = JSON.parse(line);
  const answers = [question.file && (await judgeAudio(question.file)), question.text && (await judgeText(question.text))];
  console.log(JSON.stringify(Object.assign({}, ...answers)));
}
