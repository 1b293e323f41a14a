import { hearingGraphs } from './hearing.ts';
import { byteLevelTokenizer } from './tokenizer.ts';
import type { ModelFiles } from './write.ts';

const BANDS = 128;
const words = ['nothing', 'low', 'high', 'Ġtone', 'Ġagain', 'lost'];
const special = ['<|end|>', '<|system|>', '<|user|>', '<|assistant|>'];
const vocabulary = [...words, ...special];
const id = (token: string): number => vocabulary.indexOf(token);

/** An Ultravox that names the tone it hears: "low tone", or "low again" when there were user turns before. */
export function microUltravox(): ModelFiles {
  const tokenizer = byteLevelTokenizer('PreTrainedTokenizerFast', words, special, '<|end|>');
  const template =
    "{% for message in messages %}{{ '<|' + message['role'] + '|>' + (message['content'] | trim) }}{% endfor %}<|assistant|>";
  return {
    'config.json': {
      model_type: 'ultravox',
      architectures: ['UltravoxModel'],
      text_config: {
        model_type: 'llama',
        num_hidden_layers: 1,
        num_attention_heads: 1,
        num_key_value_heads: 1,
        hidden_size: 8,
        max_position_embeddings: 512,
        eos_token_id: id('<|end|>'),
      },
      audio_config: { model_type: 'whisper', num_mel_bins: BANDS },
    },
    'generation_config.json': { eos_token_id: [id('<|end|>')] },
    'preprocessor_config.json': {
      feature_extractor_type: 'WhisperFeatureExtractor',
      feature_size: BANDS,
      sampling_rate: 16_000,
      n_fft: 400,
      hop_length: 160,
      chunk_length: 30,
      n_samples: 480_000,
      nb_max_frames: 3000,
    },
    ...tokenizer,
    'tokenizer_config.json': { ...tokenizer['tokenizer_config.json'], chat_template: template },
    ...hearingGraphs({
      vocabulary: vocabulary.length,
      bands: BANDS,
      frames: 'frames',
      stack: 16,
      tokens: {
        asks: id('<|assistant|>'),
        low: id('low'),
        high: id('high'),
        nothing: id('nothing'),
        tone: id('Ġtone'),
        other: id('Ġagain'),
        sign: id('<|user|>'),
        end: id('<|end|>'),
        lost: id('lost'),
      },
      signs: 1,
    }),
  };
}
