import { crossDecoder } from './cross-decoder.ts';
import { createGraph } from './graph.ts';
import { sentencePieceTokenizer } from './tokenizer.ts';
import { TONE_HZ } from './tones.ts';
import type { ModelFiles } from './write.ts';

/** Samples that a frame of the encoder looks at: 20 ms, whole periods of both tones. */
const FRAME_SAMPLES = 320;
const special = ['<unk>', '<s>', '</s>'];
const words = ['▁low', '▁high', '▁tone', '▁ton'];

/** A Moonshine: samples in, no language, and a text of at most 194 tokens. */
export function microMoonshine(): ModelFiles {
  const [low, high, tone, ton] = words.map((_, index) => special.length + index);
  const vocabulary = special.length + words.length;
  return {
    'config.json': {
      model_type: 'moonshine',
      architectures: ['MoonshineForConditionalGeneration'],
      is_encoder_decoder: true,
      vocab_size: vocabulary,
      hidden_size: 2,
      encoder_num_hidden_layers: 1,
      encoder_num_key_value_heads: 1,
      encoder_num_attention_heads: 1,
      decoder_num_hidden_layers: 1,
      decoder_num_key_value_heads: 1,
      decoder_num_attention_heads: 1,
      max_position_embeddings: 194,
      bos_token_id: 1,
      eos_token_id: 2,
      decoder_start_token_id: 1,
    },
    'generation_config.json': { bos_token_id: 1, eos_token_id: 2, decoder_start_token_id: 1 },
    'preprocessor_config.json': {
      feature_extractor_type: 'Wav2Vec2FeatureExtractor',
      sampling_rate: 16_000,
      do_normalize: false,
    },
    ...sentencePieceTokenizer('PreTrainedTokenizerFast', words, special, '</s>'),
    'onnx/encoder_model.onnx': encoder(),
    'onnx/decoder_model_merged.onnx': crossDecoder({
      vocabulary,
      words: { low: low!, high: high!, tone: tone!, ton: ton! },
      end: 2,
      promptEnds: [1],
      promptLength: 1,
    }),
  };
}

/** The level of both tones in frames of 20 ms: `last_hidden_state` [1, frames, 2]. */
function encoder(): Uint8Array<ArrayBuffer> {
  const graph = createGraph();
  const samples = graph.input('input_values', 'float32', ['batch_size', 'samples']);
  const waves = [TONE_HZ.low, TONE_HZ.high].flatMap((hz) =>
    [Math.sin, Math.cos].map((wave) =>
      Array.from(
        { length: FRAME_SAMPLES },
        (_, at) => (8 / FRAME_SAMPLES) * wave((2 * Math.PI * hz * at) / 16_000),
      ),
    ),
  );
  const filters = graph.floats([4, 1, FRAME_SAMPLES], waves.flat());
  const found = graph.op('Conv', [graph.unsqueeze(samples, 1), filters], {
    kernel_shape: [FRAME_SAMPLES],
    strides: [FRAME_SAMPLES],
  });
  const byFrame = graph.op('Transpose', [graph.op('Mul', [found, found])], { perm: [0, 2, 1] });
  const pairs = graph.floats([4, 2], [1, 0, 1, 0, 0, 1, 0, 1]);
  const level = graph.op('Sqrt', [graph.op('MatMul', [byFrame, pairs])]);
  graph.output('last_hidden_state', 'float32', ['batch_size', 'frames', 2], level);
  return graph.file();
}
