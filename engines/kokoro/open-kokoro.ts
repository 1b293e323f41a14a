import type { LoadProgress, OnProgress } from '../../core/stages/stage.ts';
import type { EngineConfig } from '../engine-config.ts';
import { openEspeak } from '../espeak-runtime.ts';
import type { EspeakConfig, EspeakRuntime } from '../espeak-runtime.ts';
import { spokenTest, TEST_LOCALE, TEST_SENTENCE } from '../spoken-test/spoken-test.ts';
import { openModel, readModelFile, type Opened } from '../transformers-env.ts';
import { phonemize } from './g2p.ts';
import { KOKORO_RATE_HZ, openKokoroModel, type KokoroModel } from './kokoro-model.ts';
import { readStyles, voicePath } from './voice-styles.ts';
import { readVocabulary, type Vocabulary } from './vocabulary.ts';

const DEFAULT_VOICE = 'af_heart';

/** All that speaking takes. */
export interface OpenKokoro {
  kokoro: KokoroModel;
  espeak: EspeakRuntime;
  vocabulary: Vocabulary;
  /** The styles of a voice, fetched when it first speaks. @throws AppError `model.missing`, `model.corrupt`, `aborted`. */
  styles(voice: string, signal: AbortSignal): Promise<Float32Array>;
}

/** Opens and tries it. @throws AppError as `openModel`, `openEspeak` and `spokenTest`. */
export function openKokoro(
  config: EngineConfig,
  espeakConfig: EspeakConfig,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<Opened<OpenKokoro>> {
  const part = addUp(onProgress);
  return openModel(config, part(), signal, async (opener) => {
    const [espeak, kokoro] = await Promise.all([
      openEspeak(espeakConfig, part(), signal),
      openKokoroModel(opener),
    ]);
    const vocabulary = readVocabulary(await opener.readJson('tokenizer.json'), config);
    const styles = createStyles(config);
    const voice = await styles(someVoice(config), signal);
    const sentence = vocabulary.encode(vocabulary.known(phonemize(TEST_SENTENCE, TEST_LOCALE, espeak)));
    const say = async () => ({ samples: await kokoro.speak(sentence, voice, 1), rateHz: KOKORO_RATE_HZ });
    await opener.step('first run', () => spokenTest(say, espeak, config.device, signal));
    return { kokoro, espeak, vocabulary, styles };
  });
}

/** A voice that this site has: its default one, or any. */
function someVoice({ files = [] }: EngineConfig): string {
  const isDefault = files.length === 0 || files.some(({ path }) => path === voicePath(DEFAULT_VOICE));
  if (isDefault) return DEFAULT_VOICE;
  const voices = files.flatMap(({ path }) => /^voices\/(\w+)\.bin$/.exec(path)?.[1] ?? []);
  return voices[0] ?? DEFAULT_VOICE;
}

function createStyles(config: EngineConfig): OpenKokoro['styles'] {
  const known = new Map<string, Float32Array>();
  return async (voice, signal) => {
    const styles =
      known.get(voice) ??
      readStyles(await readModelFile(config, voicePath(voice), () => {}, signal), voice, config);
    known.set(voice, styles);
    return styles;
  };
}

/** Reports the bytes of several loads as one. */
function addUp(onProgress: OnProgress): () => OnProgress {
  const parts: LoadProgress[] = [];
  return () => {
    const own = parts.push({ file: '', loadedBytes: 0, totalBytes: 0 }) - 1;
    return (step) => {
      parts[own] = step;
      const sum = (of: 'loadedBytes' | 'totalBytes') => parts.reduce((total, each) => total + each[of], 0);
      onProgress({ file: step.file, loadedBytes: sum('loadedBytes'), totalBytes: sum('totalBytes') });
    };
  };
}
