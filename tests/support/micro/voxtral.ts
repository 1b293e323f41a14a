import { hearingGraphs } from './hearing.ts';
import { byteLevelTokenizer } from './tokenizer.ts';
import type { ModelFiles } from './write.ts';

const BANDS = 128;
const FRAMES = 3000;
const words = ['nothing', 'Ġlow', 'Ġhigh', 'Ġtone', 'Ġton', 'lost', ...'lang:dezh'].filter(
  (word, at, all) => all.indexOf(word) === at,
);
const special = ['<unk>', '<s>', '</s>', '[INST]', '[/INST]', '[AUDIO]', '[BEGIN_AUDIO]', '[TRANSCRIBE]'];
const vocabulary = [...words, ...special];
const id = (token: string): number => vocabulary.indexOf(token);

/** A Voxtral that transcribes tones: "low tone", or "low ton" where it is told that the language is German. */
export function microVoxtral(): ModelFiles {
  return {
    'config.json': {
      model_type: 'voxtral',
      architectures: ['VoxtralForConditionalGeneration'],
      audio_token_id: id('[AUDIO]'),
      text_config: {
        model_type: 'llama',
        num_hidden_layers: 1,
        num_attention_heads: 1,
        num_key_value_heads: 1,
        hidden_size: 8,
        max_position_embeddings: 2048,
      },
      audio_config: { model_type: 'voxtral_encoder', num_mel_bins: BANDS },
    },
    'generation_config.json': { eos_token_id: id('</s>') },
    'preprocessor_config.json': {
      feature_extractor_type: 'WhisperFeatureExtractor',
      feature_size: BANDS,
      sampling_rate: 16_000,
      n_fft: 400,
      hop_length: 160,
      chunk_length: 30,
      n_samples: 480_000,
      nb_max_frames: FRAMES,
    },
    ...byteLevelTokenizer('PreTrainedTokenizerFast', words, special, '</s>'),
    ...hearingGraphs({
      vocabulary: vocabulary.length,
      bands: BANDS,
      frames: FRAMES,
      stack: 8,
      tokens: {
        asks: id('[TRANSCRIBE]'),
        low: id('Ġlow'),
        high: id('Ġhigh'),
        nothing: id('nothing'),
        tone: id('Ġtone'),
        other: id('Ġton'),
        sign: id('d'),
        end: id('</s>'),
        lost: id('lost'),
      },
      signs: 0,
    }),
  };
}
