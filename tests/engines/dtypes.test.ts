import { rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createCausalLm } from '../../engines/causal-lm.ts';
import type { EngineConfig, EngineDtype } from '../../engines/engine-config.ts';
import { dtypeOf, externalDataFiles, onnxFileName } from '../../engines/onnx-files.ts';
import { createWhisper } from '../../engines/whisper.ts';
import { microLlama } from '../support/micro/llama.ts';
import { tones } from '../support/micro/tones.ts';
import { microWhisper } from '../support/micro/whisper.ts';
import { writeModel } from '../support/micro/write.ts';
import { utterance } from '../support/recognizer-contract.ts';
import { ask, textOf } from '../support/responder-contract.ts';
import { collect, never } from '../support/stage-contract.ts';

async function answer(config: EngineConfig): Promise<string> {
  const chat = createCausalLm(config);
  await chat.load(() => {}, never);
  try {
    await collect(chat.reply(ask('hello'), never));
    return textOf(await collect(chat.reply(ask('hello'), never)));
  } finally {
    await chat.dispose();
  }
}

describe('Chat models in the types that are published', () => {
  const dtypes: EngineDtype[] = ['fp32', 'fp16', 'q4', 'q4f16'];

  it.each(dtypes.flatMap((dtype) => [['llama', dtype] as const, ['qwen3', dtype] as const]))(
    'answer: %s in %s',
    async (modelType, dtype) => {
      const model = await writeModel('causal-lm', microLlama({ modelType, dtype }), dtype);
      expect(await answer(model.config)).toBe('fine thanks');
      await model.remove();
    },
  );

  it.each(dtypes)('answer with their weights in a file of their own: %s', async (dtype) => {
    const files = microLlama({ modelType: 'llama', dtype, external: true });
    const model = await writeModel('causal-lm', files, dtype);
    expect(await answer(model.config)).toBe('fine thanks');
    await model.remove();
  });

  it('are missing or damaged as the file of their weights is, by name', async () => {
    const files = microLlama({ modelType: 'llama', dtype: 'fp32', external: true });
    const model = await writeModel('causal-lm', files);
    const data = join(model.folder, 'onnx/model.onnx_data');
    await truncate(data, 100);
    await expect(answer(model.config)).rejects.toMatchObject({
      code: 'model.corrupt',
      message: expect.stringContaining('onnx/model.onnx'),
    });
    await rm(data);
    await expect(answer(model.config)).rejects.toMatchObject({
      code: 'model.missing',
      message: expect.stringContaining('"onnx/model.onnx_data"'),
    });
    await model.remove();
  });

  it('are told apart by type: the file of another one is not loaded in its place', async () => {
    const model = await writeModel('causal-lm', microLlama({ modelType: 'llama', dtype: 'fp32' }), 'q4');
    await expect(answer(model.config)).rejects.toMatchObject({
      code: 'model.missing',
      message: expect.stringContaining('onnx/model_q4.onnx'),
    });
    await model.remove();
  });
});

describe('A model whose graphs differ in type', () => {
  const dtype = { encoder_model: 'fp32', decoder_model_merged: 'q4' } as const;

  function mixed() {
    const { 'onnx/decoder_model_merged.onnx': decoder, ...files } = microWhisper('multilingual');
    return { ...files, 'onnx/decoder_model_merged_q4.onnx': decoder! };
  }

  it('is loaded from the file of each', async () => {
    const model = await writeModel('whisper', mixed(), dtype);
    const whisper = createWhisper(model.config);
    await whisper.load(() => {}, never);
    const transcripts = await collect(whisper.transcribe(utterance(tones('low')), {}, never));
    expect(transcripts.at(-1)?.text).toBe('low tone');
    await whisper.dispose();
    await model.remove();
  });

  it('is told of by the name of the file that is damaged', async () => {
    const model = await writeModel('whisper', mixed(), dtype);
    await writeFile(join(model.folder, 'onnx/decoder_model_merged_q4.onnx'), 'no model');
    await expect(createWhisper(model.config).load(() => {}, never)).rejects.toMatchObject({
      code: 'model.corrupt',
      message: expect.stringContaining('onnx/decoder_model_merged_q4.onnx'),
    });
    await model.remove();
  });

  it('is refused where the catalogue leaves one out', async () => {
    const model = await writeModel('whisper', mixed(), { encoder_model: 'fp32' });
    await expect(createWhisper(model.config).load(() => {}, never)).rejects.toMatchObject({
      code: 'input.invalid',
      message: expect.stringContaining('decoder_model_merged'),
    });
    await model.remove();
  });
});

describe('The files of a graph', () => {
  const config = { name: 'Chat', dtype: { model: 'q4f16', other: 'fp32' } } as const;

  it('are called by its type', () => {
    expect(onnxFileName(config, 'model')).toBe('model_q4f16.onnx');
    expect(onnxFileName(config, 'other')).toBe('other.onnx');
    expect(onnxFileName({ name: 'Chat', dtype: 'q8' }, 'any')).toBe('any_quantized.onnx');
    expect(() => dtypeOf(config, 'toString')).toThrow('toString');
  });

  it('with its weights are those of the catalogue', () => {
    const files = [
      'config.json',
      'onnx/m.onnx',
      'onnx/m.onnx_data',
      'onnx/m.onnx_data_1',
      'onnx/n.onnx_data',
    ];
    const known = { files: files.map((path) => ({ path, sha256: '' })) };
    expect(externalDataFiles(known, 'm', 'm.onnx', {})).toEqual(['m.onnx_data', 'm.onnx_data_1']);
    expect(externalDataFiles(known, 'q', 'q.onnx', {})).toEqual([]);
  });

  it('with its weights are those of config.json where there is no catalogue', () => {
    const files = (format: boolean | number | Record<string, boolean | number>) =>
      externalDataFiles({}, 'm', 'm_q4.onnx', {
        'transformers.js_config': { use_external_data_format: format },
      });
    expect(files(true)).toEqual(['m_q4.onnx_data']);
    expect(files(2)).toEqual(['m_q4.onnx_data', 'm_q4.onnx_data_1']);
    expect(files({ m: 1 })).toEqual(['m_q4.onnx_data']);
    expect(files({ 'm.onnx': 1 })).toEqual([]);
    expect(externalDataFiles({}, 'm', 'm.onnx', {})).toEqual([]);
  });
});
