import { createGraph } from './graph.ts';
import { sentencePieceTokenizer } from './tokenizer.ts';
import { toneWeights } from './tones.ts';
import type { ModelFiles } from './write.ts';

const BANDS = 80;
/** Frames of the spectrum that one token stands for: 80 ms. */
const SUBSAMPLING = 8;
const words = ['▁low', '▁high'];
const vocabulary = ['<unk>', ...words, '<pad>'];
const BLANK = vocabulary.indexOf('<pad>');

/** A Parakeet CTC that names each tone it hears, and nothing between them. */
export function microParakeet(): ModelFiles {
  return {
    'config.json': {
      model_type: 'parakeet_ctc',
      architectures: ['ParakeetForCTC'],
      vocab_size: vocabulary.length,
      pad_token_id: BLANK,
      encoder_config: {
        model_type: 'parakeet_encoder',
        num_mel_bins: BANDS,
        subsampling_factor: SUBSAMPLING,
      },
    },
    'preprocessor_config.json': {
      feature_extractor_type: 'ParakeetFeatureExtractor',
      feature_size: BANDS,
      hop_length: 160,
      n_fft: 512,
      win_length: 400,
      preemphasis: 0.97,
      sampling_rate: 16_000,
    },
    ...sentencePieceTokenizer('ParakeetTokenizer', words, ['<unk>'], '<pad>', ['<pad>']),
    'onnx/model.onnx': model(),
  };
}

function model(): Uint8Array<ArrayBuffer> {
  const graph = createGraph();
  const features = graph.input('input_features', 'float32', ['batch_size', 'frames', BANDS]);
  const mask = graph.input('attention_mask', 'int64', ['batch_size', 'frames']);
  const heard = graph.op('Mul', [features, graph.unsqueeze(graph.op('Cast', [mask], { to: 1 }), 2)]);
  const tones = graph.op('MatMul', [heard, graph.floats([BANDS, 2], toneWeights(BANDS))]);
  const pooled = graph.op('AveragePool', [graph.op('Transpose', [tones], { perm: [0, 2, 1] })], {
    kernel_shape: [SUBSAMPLING],
    strides: [SUBSAMPLING],
    ceil_mode: 1,
  });
  const byToken = graph.op('Transpose', [pooled], { perm: [0, 2, 1] });
  // Each tone's loudness against the other's; what stands out from neither is blank.
  const against = graph.floats([2, 4], [0, 8, -8, 0, 0, -8, 8, 0]);
  const scores = graph.op('MatMul', [byToken, against]);
  const logits = graph.op('Add', [scores, graph.floats([4], [-100, 0, 0, 8])]);
  graph.output('logits', 'float32', ['batch_size', 'tokens', vocabulary.length], logits);
  return graph.file();
}
