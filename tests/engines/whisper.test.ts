import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { concatSamples, durationMs, type Pcm } from '../../core/audio/pcm.ts';
import { createWhisper } from '../../engines/whisper.ts';
import { describeRecognizer, plainWords, utterance } from '../support/recognizer-contract.ts';
import { collect, never } from '../support/stage-contract.ts';
import { spoken, starterConfig, starterRecogniser, withModelCopy } from '../support/starter-engines.ts';

describeRecognizer('Whisper', starterRecogniser, async () => ({
  pcm: await spoken('What time is it?'),
  words: 'what time is it',
}));

describe('Whisper', () => {
  it('hears the same in full precision', async () => {
    const whisper = createWhisper(starterConfig('recogniser', 'fp32'));
    await whisper.load(() => {}, never);
    const audio = utterance(await spoken('What time is it?'));
    const transcripts = await collect(whisper.transcribe(audio, {}, never));
    expect(plainWords(transcripts.at(-1)!.text)).toBe('what time is it');
    await whisper.dispose();
  });

  it('keeps what was said before in an utterance longer than its window', async () => {
    const whisper = starterRecogniser();
    await whisper.load(() => {}, never);
    const silence = new Float32Array(22_050);
    const sentences = ['Set a timer for five minutes.', 'What is the date today?', 'Tell me a joke.'];
    const spokenParts = await Promise.all([...sentences, ...sentences].map(spoken));
    const pcm: Pcm = {
      samples: concatSamples(spokenParts.flatMap((part) => [part.samples, silence])),
      rateHz: spokenParts[0]!.rateHz,
    };
    expect(durationMs(pcm)).toBeGreaterThan(8_000);
    const transcripts = await collect(whisper.transcribe(utterance(pcm), {}, never));
    expect(plainWords(transcripts.at(-1)!.text)).toMatch(/^(set a timer for five minutes.*){2}$/);
    await whisper.dispose();
  });

  it('uses a language that the model does not know as its default', async () => {
    const whisper = starterRecogniser();
    await whisper.load(() => {}, never);
    const audio = utterance(await spoken('What time is it?'));
    const transcripts = await collect(whisper.transcribe(audio, { language: 'xx' }, never));
    expect(plainWords(transcripts.at(-1)!.text)).toBe('what time is it');
    await whisper.dispose();
  });

  it.each(['onnx/decoder_model_merged_quantized.onnx', 'generation_config.json', 'tokenizer.json'])(
    'names %s when it is missing',
    async (file) => {
      await withModelCopy('recogniser', async (config, folder) => {
        await rm(join(folder, file));
        await expect(createWhisper(config).load(() => {}, never)).rejects.toMatchObject({
          code: 'model.missing',
          message: expect.stringContaining(file),
        });
      });
    },
  );

  it.each(['onnx/encoder_model_quantized.onnx', 'preprocessor_config.json', 'tokenizer_config.json'])(
    'names %s when it is damaged',
    async (file) => {
      await withModelCopy('recogniser', async (config, folder) => {
        await writeFile(join(folder, file), '<html>not a model</html>');
        await expect(createWhisper(config).load(() => {}, never)).rejects.toMatchObject({
          code: 'model.corrupt',
          message: expect.stringContaining(file),
        });
      });
    },
  );
});
