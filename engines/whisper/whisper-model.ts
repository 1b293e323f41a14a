import {
  AutoConfig,
  AutoTokenizer,
  WhisperFeatureExtractor,
  type PreTrainedTokenizer,
} from '@huggingface/transformers';
import { throwIfAborted } from '../../core/errors.ts';
import { floatTensor, type OnnxSession } from '../onnx-session.ts';
import { createCrossDecoder, crossCacheNames } from '../speech/cross-decoder.ts';
import { decodeText } from '../speech/decode-text.ts';
import { writeGreedily } from '../speech/greedy.ts';
import type { SpeechModel } from '../speech/speech-model.ts';
import { probability } from '../speech/token-scores.ts';
import { TOKENIZER_FILES, type ModelOpener } from '../transformers-env.ts';
import { logMelOptions } from './feature-options.ts';
import { createLogMel, type LogMelOptions } from './log-mel.ts';
import { promptTokens, type WhisperGeneration } from './prompt.ts';

/**
 * Whisper's own rule for "nobody spoke": the no-speech token is likely and the words it wrote are not. The values are
 * the defaults of OpenAI's transcribe().
 */
const NO_SPEECH_PROBABILITY = 0.6;
const MIN_MEAN_LOG_PROBABILITY = -1;

interface WhisperParts {
  encoder: OnnxSession;
  decoder: OnnxSession;
  tokenizer: PreTrainedTokenizer;
  features: LogMelOptions;
  generation: WhisperGeneration;
  maxTokens: number;
}

/** Opens encoder and decoder one by one, so that a damaged file can be named. */
export async function openWhisperModel(opener: ModelOpener): Promise<SpeechModel> {
  const { path, signal } = opener;
  const config = await opener.step('config.json', () => AutoConfig.from_pretrained(path));
  const generation = await opener.readJson<WhisperGeneration>('generation_config.json');
  const extractor = await opener.step('preprocessor_config.json', () =>
    WhisperFeatureExtractor.from_pretrained(path),
  );
  const tokenizer = await opener.step(TOKENIZER_FILES, () => AutoTokenizer.from_pretrained(path));
  const shape = config as unknown as { decoder_layers: number; max_target_positions: number };
  const model = createWhisperModel({
    encoder: await opener.openGraph('encoder_model', config, ['last_hidden_state']),
    decoder: await opener.openGraph('decoder_model_merged', config, crossCacheNames(shape.decoder_layers)),
    tokenizer,
    features: logMelOptions(extractor),
    generation,
    maxTokens: shape.max_target_positions,
  });
  await opener.step('first run', () =>
    model.decode(new Float32Array(model.windowSamples), undefined, signal),
  );
  return model;
}

function createWhisperModel(parts: WhisperParts): SpeechModel {
  const { generation, tokenizer } = parts;
  const logMel = createLogMel(parts.features);
  const bands = parts.features.filters.length;
  const ends = new Set([generation.eos_token_id ?? tokenizer.eos_token_id].flat());
  const startId = generation.decoder_start_token_id ?? tokenId(tokenizer, '<|startoftranscript|>')!;
  const noSpeechId = tokenId(tokenizer, '<|nospeech|>') ?? tokenId(tokenizer, '<|nocaptions|>');
  let blocked: { always: Uint8Array; first: Uint8Array } | undefined;

  /** Tokens that are no text: special ones, time stamps, and what the model's configuration suppresses. */
  function blockedTokens(vocabulary: number): { always: Uint8Array; first: Uint8Array } {
    const always = new Uint8Array(vocabulary);
    if (generation.no_timestamps_token_id !== undefined) always.fill(1, generation.no_timestamps_token_id);
    for (const id of [...tokenizer.all_special_ids, ...(generation.suppress_tokens ?? [])]) always[id] = 1;
    for (const id of ends) always[id] = 0;
    const first = always.slice();
    for (const id of generation.begin_suppress_tokens ?? []) if (!ends.has(id)) first[id] = 1;
    return { always, first };
  }

  return {
    windowSamples: parts.features.windowSamples,
    async decode(samples, language, signal) {
      throwIfAborted(signal);
      const features = logMel(samples);
      const { last_hidden_state: audio } = await parts.encoder.run({
        input_features: floatTensor('float32', features, [1, bands, features.length / bands]),
      });
      const decoder = createCrossDecoder(parts.decoder, audio!);
      const prompt = promptTokens(generation, startId, language);
      let noSpeech: number | undefined;
      try {
        const { ids, meanLogProbability } = await writeGreedily(
          async (fed) => {
            const logits = await decoder.step(fed);
            const first = logits.rows.subarray(0, logits.vocabulary);
            noSpeech ??= noSpeechId === undefined ? 0 : probability(first, noSpeechId);
            return logits;
          },
          {
            prompt,
            maxTokens: parts.maxTokens - prompt.length,
            ends,
            blocked: (vocabulary, isFirst) =>
              (blocked ??= blockedTokens(vocabulary))[isFirst ? 'first' : 'always'],
          },
          signal,
        );
        const unlikely = meanLogProbability < MIN_MEAN_LOG_PROBABILITY;
        const isSilence = unlikely && (noSpeech ?? 0) > NO_SPEECH_PROBABILITY;
        const text = isSilence ? '' : decodeText(tokenizer, ids);
        return { text, confidence: Math.exp(meanLogProbability) };
      } finally {
        decoder.dispose();
        audio!.dispose();
      }
    },
  };
}

function tokenId(tokenizer: PreTrainedTokenizer, token: string): number | undefined {
  const id: unknown = tokenizer.convert_tokens_to_ids(token);
  return typeof id === 'number' ? id : undefined;
}
