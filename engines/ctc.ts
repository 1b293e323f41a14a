import {
  AutoConfig,
  AutoTokenizer,
  ParakeetFeatureExtractor,
  type PreTrainedTokenizer,
} from '@huggingface/transformers';
import { SPEECH_RATE_HZ } from '../core/audio/pcm.ts';
import { throwIfAborted } from '../core/errors.ts';
import type { Recognizer } from '../core/stages/stage.ts';
import type { EngineConfig } from './engine-config.ts';
import { disposeTensors, toFloats, type OnnxSession, type OnnxTensor } from './onnx-session.ts';
import { collapse } from './speech/collapse.ts';
import { padded } from './speech/pad.ts';
import { createSpeechRecognizer } from './speech/recognizer.ts';
import type { SpeechModel } from './speech/speech-model.ts';
import { TOKENIZER_FILES, type ModelOpener } from './transformers-env.ts';

/** Attention over a stretch costs memory by the square of its length: as long as the other recognisers' windows. */
const WINDOW_SAMPLES = 30 * SPEECH_RATE_HZ;
/** What a token of a SentencePiece vocabulary begins a word with. */
const WORD_MARK = '\u2581';

/** What the library makes of audio. */
type Features = Record<'input_features' | 'attention_mask', { ort_tensor: OnnxTensor }>;

/**
 * Parakeet CTC: one run over a stretch names a token for each 80 ms, so it cannot loop and says nothing where nothing
 * was said. It knows one language.
 */
export const createCtc = (config: EngineConfig): Recognizer => createSpeechRecognizer(config, openCtc);

async function openCtc(opener: ModelOpener): Promise<SpeechModel> {
  const { path, signal } = opener;
  const config = await opener.step('config.json', () => AutoConfig.from_pretrained(path));
  const extractor = await opener.step('preprocessor_config.json', () =>
    ParakeetFeatureExtractor.from_pretrained(path),
  );
  const tokenizer = await opener.step(TOKENIZER_FILES, () => AutoTokenizer.from_pretrained(path));
  const session = await opener.openGraph('model', config);
  const { pad_token_id: blank } = config as unknown as { pad_token_id: number };
  const model = createCtcModel((samples) => extractor._call(samples), session, tokenizer, blank);
  await opener.step('first run', () => model.decode(new Float32Array(SPEECH_RATE_HZ), undefined, signal));
  return model;
}

function createCtcModel(
  extract: (samples: Float32Array) => Promise<Features>,
  session: OnnxSession,
  tokenizer: PreTrainedTokenizer,
  blank: number,
): SpeechModel {
  const tokens = new Map(Array.from(tokenizer.get_vocab(), ([token, id]) => [id, token]));
  const special = new Set(tokenizer.all_special_ids);

  return {
    windowSamples: WINDOW_SAMPLES,
    async decode(samples, _language, signal) {
      throwIfAborted(signal);
      const features = await extract(padded(samples));
      const outputs = await session.run({
        input_features: features.input_features.ort_tensor,
        ...(session.inputNames.includes('attention_mask') && {
          attention_mask: features.attention_mask.ort_tensor,
        }),
      });
      throwIfAborted(signal);
      try {
        const vocabulary = outputs.logits!.dims.at(-1)!;
        const { ids, meanLogProbability } = collapse(toFloats(outputs.logits!), vocabulary, blank);
        const pieces = ids.map((id) => (special.has(id) ? '' : (tokens.get(id) ?? '')));
        const text = pieces.join('').replaceAll(WORD_MARK, ' ').trim();
        return { text, confidence: Math.exp(meanLogProbability) };
      } finally {
        disposeTensors(outputs);
      }
    },
  };
}
