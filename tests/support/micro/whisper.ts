import { crossDecoder } from './cross-decoder.ts';
import { createGraph } from './graph.ts';
import { byteLevelTokenizer } from './tokenizer.ts';
import { toneWeights } from './tones.ts';
import type { ModelFiles } from './write.ts';

/** The published Whispers, as far as they differ for whoever loads them. */
export const whisperLayouts = {
  /** tiny, base, small, medium. */
  multilingual: { bands: 80, languages: ['en', 'de'], noSpeech: '<|nocaptions|>' },
  /** The sizes that end in ".en", and Distil-Whisper: no language and no task. */
  english: { bands: 80, languages: [], noSpeech: '<|nocaptions|>' },
  /** large-v3-turbo: more bands, and the token for silence under its new name. */
  turbo: { bands: 128, languages: ['en', 'de'], noSpeech: '<|nospeech|>' },
} as const;

const WINDOW_SAMPLES = 480_000;
const FRAMES = 3000;
/** Steps of 20 ms from 0 to 30 s. */
const TIMESTAMPS = 1501;
const words = ['Ġlow', 'Ġhigh', 'Ġtone', 'Ġton'];

/** A Whisper with a window of 30 s and the tokens of the published models in their order, but four words. */
export function microWhisper(layout: keyof typeof whisperLayouts): ModelFiles {
  const { bands, languages, noSpeech } = whisperLayouts[layout];
  const isMultilingual = languages.length > 0;
  const special = [
    '<|endoftext|>',
    '<|startoftranscript|>',
    ...languages.map((language) => `<|${language}|>`),
    '<|translate|>',
    '<|transcribe|>',
    '<|startoflm|>',
    '<|startofprev|>',
    noSpeech,
    '<|notimestamps|>',
  ];
  const timestamps = Array.from({ length: TIMESTAMPS }, (_, step) => `<|${(step * 0.02).toFixed(2)}|>`);
  const vocabulary = words.length + special.length + timestamps.length;
  const id = (token: string): number => words.length + special.indexOf(token);
  const end = id('<|endoftext|>');
  const languageIds = Object.fromEntries(languages.map((each) => [`<|${each}|>`, id(`<|${each}|>`)]));
  const generation = {
    bos_token_id: end,
    eos_token_id: end,
    pad_token_id: end,
    decoder_start_token_id: id('<|startoftranscript|>'),
    is_multilingual: isMultilingual,
    ...(isMultilingual && {
      lang_to_id: languageIds,
      task_to_id: { transcribe: id('<|transcribe|>'), translate: id('<|translate|>') },
    }),
    no_timestamps_token_id: id('<|notimestamps|>'),
    suppress_tokens: [],
    begin_suppress_tokens: [end],
  };
  const decoder = crossDecoder({
    vocabulary,
    words: { low: 0, high: 1, tone: 2, ton: 3 },
    end,
    promptEnds: [id('<|notimestamps|>')],
    promptLength: isMultilingual ? 4 : 2,
    ...(isMultilingual && { secondLanguage: id('<|de|>') }),
  });
  return {
    'config.json': {
      model_type: 'whisper',
      architectures: ['WhisperForConditionalGeneration'],
      is_encoder_decoder: true,
      d_model: 2,
      vocab_size: vocabulary,
      num_mel_bins: bands,
      encoder_layers: 1,
      encoder_attention_heads: 1,
      decoder_layers: 1,
      decoder_attention_heads: 1,
      max_source_positions: FRAMES / 2,
      max_target_positions: 448,
    },
    'generation_config.json': generation,
    'preprocessor_config.json': {
      feature_extractor_type: 'WhisperFeatureExtractor',
      feature_size: bands,
      sampling_rate: 16_000,
      n_fft: 400,
      hop_length: 160,
      chunk_length: 30,
      n_samples: WINDOW_SAMPLES,
      nb_max_frames: FRAMES,
    },
    ...byteLevelTokenizer('WhisperTokenizer', words, [...special, ...timestamps], '<|endoftext|>'),
    'onnx/encoder_model.onnx': encoder(bands),
    'onnx/decoder_model_merged.onnx': decoder,
  };
}

/** Loudness of both tones, for two frames of the spectrum each: `last_hidden_state` [1, 1500, 2]. */
function encoder(bands: number): Uint8Array<ArrayBuffer> {
  const graph = createGraph();
  const features = graph.input('input_features', 'float32', ['batch_size', bands, FRAMES]);
  const halved = graph.op('AveragePool', [features], { kernel_shape: [2], strides: [2] });
  const byFrame = graph.op('Transpose', [halved], { perm: [0, 2, 1] });
  const heard = graph.op('MatMul', [byFrame, graph.floats([bands, 2], toneWeights(bands))]);
  graph.output('last_hidden_state', 'float32', ['batch_size', FRAMES / 2, 2], heard);
  return graph.file();
}
