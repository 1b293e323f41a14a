import { AutoConfig, WhisperFeatureExtractor, type PreTrainedTokenizer } from '@huggingface/transformers';
import { throwIfAborted } from '../core/errors.ts';
import type { Recognizer } from '../core/stages/stage.ts';
import { openChatTokenizer, type TextSettings } from './causal-lm/chat-model.ts';
import type { EngineConfig } from './engine-config.ts';
import { decodeText } from './speech/decode-text.ts';
import { writeGreedily } from './speech/greedy.ts';
import { createSpeechRecognizer } from './speech/recognizer.ts';
import type { SpeechModel } from './speech/speech-model.ts';
import { openHearing, type Hearing } from './speech-llm/hearing.ts';
import type { ModelOpener } from './transformers-env.ts';
import { logMelOptions } from './whisper/feature-options.ts';
import { createLogMel, type LogMelOptions } from './whisper/log-mel.ts';

/** As many tokens as Whisper writes for a window of the same length. */
const MAX_TOKENS = 448;
/** The languages of Voxtral's model card; of any other the model finds out by itself. */
const LANGUAGES: ReadonlySet<string> = new Set(['en', 'es', 'fr', 'pt', 'hi', 'de', 'nl', 'it']);
/** The transcription request of mistral-common, before and after the sound; a language stands before the last token. */
const BEFORE_SOUND = '<s>[INST][BEGIN_AUDIO]';
const AFTER_SOUND = '[/INST]';
const TRANSCRIBE = '[TRANSCRIBE]';

/** Voxtral as a recogniser: it is asked for the words, in the language given or the one it hears. */
export const createVoxtral = (config: EngineConfig): Recognizer =>
  createSpeechRecognizer(config, openVoxtral);

async function openVoxtral(opener: ModelOpener): Promise<SpeechModel> {
  const { path, signal } = opener;
  const config = await opener.step('config.json', () => AutoConfig.from_pretrained(path));
  const extractor = await opener.step('preprocessor_config.json', () =>
    WhisperFeatureExtractor.from_pretrained(path),
  );
  const { tokenizer } = await openChatTokenizer(opener);
  const hearing = await openHearing(opener, config);
  const { text_config: text } = config as unknown as { text_config: TextSettings };
  const ends = [tokenizer.eos_token_id, text.eos_token_id].flat().filter((id) => typeof id === 'number');
  const model = createVoxtralModel(hearing, tokenizer, logMelOptions(extractor), new Set(ends));
  await opener.step('first run', () =>
    model.decode(new Float32Array(model.windowSamples), undefined, signal),
  );
  return model;
}

function createVoxtralModel(
  hearing: Hearing,
  tokenizer: PreTrainedTokenizer,
  features: LogMelOptions,
  ends: ReadonlySet<number>,
): SpeechModel {
  const logMel = createLogMel(features);
  const encode = (text: string): number[] => tokenizer.encode(text, { add_special_tokens: false });
  let blocked: Uint8Array | undefined;

  function blockedTokens(vocabulary: number): Uint8Array {
    const marks = new Uint8Array(vocabulary);
    for (const id of tokenizer.all_special_ids) if (!ends.has(id)) marks[id] = 1;
    return marks;
  }

  return {
    windowSamples: features.windowSamples,
    async decode(samples, language, signal) {
      throwIfAborted(signal);
      const sound = await hearing.hear(logMel(samples), features.filters.length);
      const hint = language !== undefined && LANGUAGES.has(language) ? `lang:${language}` : '';
      const prompt = [...encode(BEFORE_SOUND), ...sound, ...encode(AFTER_SOUND + hint + TRANSCRIBE)];
      const read: number[] = [];
      try {
        const { ids, meanLogProbability } = await writeGreedily(
          async (fed) => {
            read.push(...fed);
            const rows = await hearing.decoder.next(read, signal);
            return { rows, vocabulary: rows.length };
          },
          {
            prompt,
            maxTokens: MAX_TOKENS,
            ends,
            blocked: (vocabulary) => (blocked ??= blockedTokens(vocabulary)),
          },
          signal,
        );
        return { text: decodeText(tokenizer, ids), confidence: Math.exp(meanLogProbability) };
      } finally {
        hearing.forget(sound);
      }
    },
  };
}
