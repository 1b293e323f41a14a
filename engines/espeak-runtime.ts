import { AppError } from '../core/errors.ts';
import type { OnProgress } from '../core/stages/stage.ts';
import { missingAsset } from './read-asset.ts';
import type { ReadAsset } from './read-asset.ts';

const SCRIPT_FILE = 'espeak-ng.js';
const DATA_FILE = 'espeak-ng.data';

export interface EspeakConfig {
  /** Folder of espeak-ng.js and espeak-ng.data, ending in "/". Fetched from there and never bundled: it is GPL-3. */
  assetUrl: string;
  read: ReadAsset;
}

/** eSpeak NG in this thread. Its voices are named by their files, as in "gmw/en-US". */
export interface EspeakRuntime {
  rateHz: number;
  /** Speech in chunks of about 100 ms; runs to the end before it returns. */
  synthesize(text: string, voiceFile: string, wordsPerMinute: number): Float32Array[];
  /**
   * The text in IPA: the phonemes of a word joined by `_` ("h_ə_l_ˈoʊ"), clauses by ` | `, words of another language
   * marked as in "(en)…(fr)".
   */
  phonemes(text: string, voiceFile: string): string;
}

/** The part used here of what the emscripten build exports. */
interface EspeakWorker {
  /** 0 when the voice was found. */
  set_voice(file: string): number;
  set_rate(wordsPerMinute: number): void;
  get_samplerate(): number;
  /** Runs to the end before it returns; `onAudio` gets about 100 ms at a time and stops it by returning true. */
  synthesize(text: string, onAudio: (samples: Int16Array) => boolean): void;
  /** Address of a C string; 1 asks for IPA. */
  text_to_phonemes(text: string, mode: 1): { ptr: number };
}

interface EspeakModule {
  eSpeakNGWorker: new () => EspeakWorker;
  /** Replaced when the memory grows. */
  readonly HEAPU8: Uint8Array;
}

type CreateEspeakModule = (options: {
  getPreloadedPackage: (name: string, bytes: number) => ArrayBuffer;
  print: (line: string) => void;
  printErr: (line: string) => void;
}) => Promise<EspeakModule>;

/** Fetches and starts eSpeak NG. @throws AppError `model.missing`, `model.corrupt`, `aborted`. */
export async function openEspeak(
  { assetUrl, read }: EspeakConfig,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<EspeakRuntime> {
  const [data, create] = await Promise.all([
    read(assetUrl + DATA_FILE, onProgress, signal),
    importModule(`${assetUrl}${SCRIPT_FILE}`),
  ]);
  const module = await start(create, data.buffer);
  const worker = new module.eSpeakNGWorker();

  function select(voiceFile: string): void {
    if (worker.set_voice(voiceFile) === 0) return;
    throw new AppError('engine.failed', `eSpeak NG has no voice ${voiceFile}.`);
  }

  return {
    rateHz: worker.get_samplerate(),
    synthesize(text, voiceFile, wordsPerMinute) {
      select(voiceFile);
      worker.set_rate(wordsPerMinute);
      const chunks: Float32Array[] = [];
      worker.synthesize(text, (samples) => {
        if (samples.length > 0) chunks.push(Float32Array.from(samples, (sample) => sample / 32_768));
        return false;
      });
      return chunks;
    },
    phonemes(text, voiceFile) {
      select(voiceFile);
      const { ptr } = worker.text_to_phonemes(text, 1);
      const memory = module.HEAPU8;
      return new TextDecoder().decode(memory.slice(ptr, memory.indexOf(0, ptr)));
    },
  };
}

async function importModule(url: string): Promise<CreateEspeakModule> {
  try {
    const module = (await import(/* @vite-ignore */ url)) as { default: CreateEspeakModule };
    return module.default;
  } catch (error) {
    throw missingAsset(SCRIPT_FILE, error);
  }
}

function start(create: CreateEspeakModule, data: ArrayBuffer): Promise<EspeakModule> {
  return create({
    getPreloadedPackage(_name, bytes) {
      if (data.byteLength === bytes) return data;
      const message = `The voice file ${DATA_FILE} is damaged; reload the page to fetch it again.`;
      throw new AppError('model.corrupt', message, { retryable: true });
    },
    print: () => {},
    printErr: () => {},
  });
}
