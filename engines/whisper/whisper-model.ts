import {
  AutoConfig,
  AutoTokenizer,
  PreTrainedModel,
  WhisperFeatureExtractor,
  type PreTrainedTokenizer,
} from '@huggingface/transformers';
import { throwIfAborted } from '../../core/errors.ts';
import {
  advancePast,
  boolTensor,
  disposeTensors,
  emptyPast,
  floatTensor,
  int64Tensor,
  toFloats,
  type OnnxSession,
  type OnnxTensor,
  type Tensors,
} from '../onnx-session.ts';
import { findLoop } from '../repetition.ts';
import { TOKENIZER_FILES, type ModelOpener } from '../transformers-env.ts';
import { logMelOptions } from './feature-options.ts';
import type { Recognised } from './live-transcript.ts';
import { createLogMel, type LogMelOptions } from './log-mel.ts';
import { promptTokens, type WhisperGeneration } from './prompt.ts';
import { bestToken, probability } from './token-scores.ts';

/**
 * Whisper's own rule for "nobody spoke": the no-speech token is likely and the words it wrote are not. The values are
 * the defaults of OpenAI's transcribe().
 */
const NO_SPEECH_PROBABILITY = 0.6;
const MIN_MEAN_LOG_PROBABILITY = -1;

export interface WhisperModel {
  /** Longest stretch that one run understands. */
  windowSamples: number;
  /**
   * Recognises at most a window of 16 kHz audio; no text where nobody spoke.
   * @throws AppError `aborted` within a token.
   */
  decode(samples: Float32Array, language: string | undefined, signal: AbortSignal): Promise<Recognised>;
}

interface WhisperParts {
  encoder: OnnxSession;
  decoder: OnnxSession;
  tokenizer: PreTrainedTokenizer;
  features: LogMelOptions;
  generation: WhisperGeneration;
  maxTokens: number;
}

/** Opens encoder and decoder one by one, so that a damaged file can be named. */
export async function openWhisperModel(opener: ModelOpener): Promise<WhisperModel> {
  const { path, signal } = opener;
  const config = await opener.step('config.json', () => AutoConfig.from_pretrained(path));
  const generation = await opener.readJson<WhisperGeneration>('generation_config.json');
  const extractor = await opener.step('preprocessor_config.json', () =>
    WhisperFeatureExtractor.from_pretrained(path),
  );
  const tokenizer = await opener.step(TOKENIZER_FILES, () => AutoTokenizer.from_pretrained(path));
  const shape = config as unknown as { decoder_layers: number; max_target_positions: number };

  async function openSession(part: string, gpuOutputs: string[]): Promise<OnnxSession> {
    const model = await opener.step(opener.onnxFile(part), () =>
      PreTrainedModel.from_pretrained(path, {
        ...opener.modelOptions,
        config,
        model_file_name: part,
        session_options:
          opener.modelOptions.device === 'webgpu'
            ? { preferredOutputLocation: Object.fromEntries(gpuOutputs.map((name) => [name, 'gpu-buffer'])) }
            : {},
      }),
    );
    opener.onClose(() => model.dispose());
    return model.sessions.model as OnnxSession;
  }

  const encoder = await openSession('encoder_model', ['last_hidden_state']);
  const decoder = await openSession('decoder_model_merged', presentNames(shape.decoder_layers));
  const model = createDecoder({
    encoder,
    decoder,
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

function presentNames(layers: number): string[] {
  return Array.from({ length: layers }, (_, layer) =>
    ['decoder.key', 'decoder.value', 'encoder.key', 'encoder.value'].map(
      (part) => `present.${layer}.${part}`,
    ),
  ).flat();
}

function createDecoder(parts: WhisperParts): WhisperModel {
  const { generation, tokenizer } = parts;
  const logMel = createLogMel(parts.features);
  const ends = [generation.eos_token_id ?? tokenizer.eos_token_id].flat();
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
    for (const id of generation.begin_suppress_tokens ?? []) if (!ends.includes(id)) first[id] = 1;
    return { always, first };
  }

  async function step(
    ids: readonly number[],
    audio: OnnxTensor,
    past: Tensors | undefined,
  ): Promise<Tensors> {
    const feeds: Tensors = {
      ...(past ?? emptyPast(parts.decoder)),
      input_ids: int64Tensor(ids, [1, ids.length]),
      encoder_hidden_states: audio,
    };
    if (parts.decoder.inputNames.includes('use_cache_branch')) {
      feeds.use_cache_branch = boolTensor(past !== undefined);
    }
    return parts.decoder.run(feeds);
  }

  async function write(audio: OnnxTensor, prompt: number[], signal: AbortSignal): Promise<Recognised> {
    let past: Tensors | undefined;
    let noSpeech = 0;
    let logProbability = 0;
    let ids: number[] = [];
    try {
      let next = prompt;
      while (prompt.length + ids.length < parts.maxTokens) {
        throwIfAborted(signal);
        const outputs = await step(next, audio, past);
        const isFirst = past === undefined;
        past = advancePast(past ?? {}, outputs, isFirst);
        const rows = toFloats(outputs.logits!);
        const vocabulary = outputs.logits!.dims.at(-1)!;
        blocked ??= blockedTokens(vocabulary);
        if (isFirst && noSpeechId !== undefined) {
          noSpeech = probability(rows.subarray(0, vocabulary), noSpeechId);
        }
        const best = bestToken(
          rows.subarray(rows.length - vocabulary),
          isFirst ? blocked.first : blocked.always,
        );
        logProbability += best.logProbability;
        if (ends.includes(best.id)) break;
        ids.push(best.id);
        const loop = findLoop(ids);
        if (loop) {
          ids = loop.start === 0 ? [] : ids.slice(0, loop.start + loop.period);
          break;
        }
        next = [best.id];
      }
    } finally {
      if (past) disposeTensors(past);
    }
    const meanLogProbability = logProbability / (ids.length + 1);
    const unlikely = meanLogProbability < MIN_MEAN_LOG_PROBABILITY;
    const confidence = Math.exp(meanLogProbability);
    if (ids.length === 0 || (unlikely && noSpeech > NO_SPEECH_PROBABILITY)) return { text: '', confidence };
    return { text: tokenizer.decode(ids, { skip_special_tokens: true }).trim(), confidence };
  }

  return {
    windowSamples: parts.features.windowSamples,
    async decode(samples, language, signal) {
      throwIfAborted(signal);
      const features = logMel(samples);
      const bands = parts.features.filters.length;
      const { last_hidden_state: audio } = await parts.encoder.run({
        input_features: floatTensor('float32', features, [1, bands, features.length / bands]),
      });
      try {
        return await write(audio!, promptTokens(generation, startId, language), signal);
      } finally {
        audio!.dispose();
      }
    },
  };
}

function tokenId(tokenizer: PreTrainedTokenizer, token: string): number | undefined {
  const id: unknown = tokenizer.convert_tokens_to_ids(token);
  return typeof id === 'number' ? id : undefined;
}
