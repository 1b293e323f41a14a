import type { LoadProgress, OnProgress } from '../../core/stages/stage.ts';
import type { EngineConfig } from '../engine-config.ts';
import { openEspeak } from '../espeak-runtime.ts';
import type { EspeakConfig, EspeakRuntime } from '../espeak-runtime.ts';
import { openModel, readModelFile, type Opened } from '../transformers-env.ts';
import { openKokoroModel, type KokoroModel } from './kokoro-model.ts';
import { readStyles, voicePath } from './voice-styles.ts';
import { readVocabulary, type Vocabulary } from './vocabulary.ts';

/** All that speaking takes. */
export interface OpenKokoro {
  kokoro: KokoroModel;
  espeak: EspeakRuntime;
  vocabulary: Vocabulary;
  /** The styles of a voice, fetched when it first speaks. @throws AppError `model.missing`, `model.corrupt`, `aborted`. */
  styles(voice: string, signal: AbortSignal): Promise<Float32Array>;
}

/** @throws AppError as `openModel` and `openEspeak`. */
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
    return { kokoro, espeak, vocabulary, styles: createStyles(config) };
  });
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
