import { AutoConfig, AutoTokenizer, type PreTrainedTokenizer } from '@huggingface/transformers';
import { SPEECH_RATE_HZ } from '../core/audio/pcm.ts';
import { throwIfAborted } from '../core/errors.ts';
import type { Recognizer } from '../core/stages/stage.ts';
import type { EngineConfig } from './engine-config.ts';
import { floatTensor, type OnnxSession } from './onnx-session.ts';
import { createCrossDecoder, crossCacheNames } from './speech/cross-decoder.ts';
import { decodeText } from './speech/decode-text.ts';
import { writeGreedily } from './speech/greedy.ts';
import { padded } from './speech/pad.ts';
import { createSpeechRecognizer } from './speech/recognizer.ts';
import type { SpeechModel } from './speech/speech-model.ts';
import { TOKENIZER_FILES, type ModelOpener } from './transformers-env.ts';

/**
 * Tokens that a second of speech may become, so that a model which repeats itself ends: the model card of Moonshine.
 */
const TOKENS_PER_SECOND = 6.5;

/** The fields of Moonshine's config.json that decoding needs. */
interface MoonshineConfig {
  decoder_num_hidden_layers: number;
  decoder_start_token_id: number;
  eos_token_id: number;
  /** Longest text, in tokens. */
  max_position_embeddings: number;
}

/** Moonshine of any size: it reads the samples themselves, so a short utterance costs little. It knows one language. */
export const createMoonshine = (config: EngineConfig): Recognizer =>
  createSpeechRecognizer(config, openMoonshine);

async function openMoonshine(opener: ModelOpener): Promise<SpeechModel> {
  const { path, signal } = opener;
  const config = await opener.step('config.json', () => AutoConfig.from_pretrained(path));
  const tokenizer = await opener.step(TOKENIZER_FILES, () => AutoTokenizer.from_pretrained(path));
  const shape = config as unknown as MoonshineConfig;
  const cached = crossCacheNames(shape.decoder_num_hidden_layers);
  const encoder = await opener.openGraph('encoder_model', config, ['last_hidden_state']);
  const decoder = await opener.openGraph('decoder_model_merged', config, cached);
  const model = createMoonshineModel(encoder, decoder, tokenizer, shape);
  await opener.step('first run', () => model.decode(new Float32Array(SPEECH_RATE_HZ), undefined, signal));
  return model;
}

function createMoonshineModel(
  encoder: OnnxSession,
  decoder: OnnxSession,
  tokenizer: PreTrainedTokenizer,
  config: MoonshineConfig,
): SpeechModel {
  const prompt = [config.decoder_start_token_id];
  const ends = new Set([config.eos_token_id]);
  const longestText = config.max_position_embeddings - prompt.length;
  let blocked: Uint8Array | undefined;

  /** Special tokens are no text. */
  function blockedTokens(vocabulary: number): Uint8Array {
    const marks = new Uint8Array(vocabulary);
    for (const id of tokenizer.all_special_ids) if (!ends.has(id)) marks[id] = 1;
    return marks;
  }

  return {
    windowSamples: Math.floor((longestText / TOKENS_PER_SECOND) * SPEECH_RATE_HZ),
    async decode(samples, _language, signal) {
      throwIfAborted(signal);
      const sound = padded(samples);
      const { last_hidden_state: audio } = await encoder.run({
        input_values: floatTensor('float32', sound, [1, sound.length]),
      });
      const writer = createCrossDecoder(decoder, audio!);
      try {
        const maxTokens = Math.ceil((sound.length / SPEECH_RATE_HZ) * TOKENS_PER_SECOND);
        const { ids, meanLogProbability } = await writeGreedily(
          writer.step,
          {
            prompt,
            maxTokens: Math.min(maxTokens, longestText),
            ends,
            blocked: (vocabulary) => (blocked ??= blockedTokens(vocabulary)),
          },
          signal,
        );
        return { text: decodeText(tokenizer, ids), confidence: Math.exp(meanLogProbability) };
      } finally {
        writer.dispose();
        audio!.dispose();
      }
    },
  };
}
