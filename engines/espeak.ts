import type { Pcm } from '../core/audio/pcm.ts';
import { AppError, throwIfAborted } from '../core/errors.ts';
import { espeakInfo } from '../core/stages/built-in.ts';
import type { Synthesizer, Voice } from '../core/stages/stage.ts';
import { toPieces } from './espeak-text.ts';
import { voiceFile, wordsPerMinute } from './espeak-voices.ts';
import { createLoadable } from './loadable.ts';
import { missingAsset } from './read-asset.ts';
import type { ReadAsset } from './read-asset.ts';

const SCRIPT_FILE = 'espeak-ng.js';
const DATA_FILE = 'espeak-ng.data';

/** The part used here of what the emscripten build exports. */
interface EspeakWorker {
  /** 0 when the voice was found. */
  set_voice(file: string): number;
  set_rate(wordsPerMinute: number): void;
  get_samplerate(): number;
  /** Runs to the end before it returns; `onAudio` gets about 100 ms at a time and stops it by returning true. */
  synthesize(text: string, onAudio: (samples: Int16Array) => boolean): void;
}

interface EspeakModule {
  eSpeakNGWorker: new () => EspeakWorker;
}

type CreateEspeakModule = (options: {
  getPreloadedPackage: (name: string, bytes: number) => ArrayBuffer;
  print: (line: string) => void;
  printErr: (line: string) => void;
}) => Promise<EspeakModule>;

export interface EspeakConfig {
  /** Folder of espeak-ng.js and espeak-ng.data, ending in "/". Fetched from there and never bundled: it is GPL-3. */
  assetUrl: string;
  read: ReadAsset;
}

/**
 * The voice that is always available, in English, Spanish, French, Portuguese, Hindi, German, Dutch and Italian:
 * 22.05 kHz in chunks of about 100 ms, synthesised some 200 times faster than speech.
 */
export function createEspeak(config: EspeakConfig): Synthesizer {
  const espeak = createLoadable('The eSpeak voice', async (onProgress, signal) => {
    const [data, module] = await Promise.all([
      config.read(config.assetUrl + DATA_FILE, onProgress, signal),
      importModule(`${config.assetUrl}${SCRIPT_FILE}`),
    ]);
    const worker = await start(module, data.buffer);
    // Cold code is some ten times slower: the first clause should not pay for that.
    synthesize(worker, 'The quick brown fox jumps over the lazy dog.', { id: 'en-us', speed: 1 });
    return { worker, close: () => Promise.resolve() };
  });

  async function* speak(text: string, voice: Voice, signal: AbortSignal): AsyncGenerator<Pcm> {
    throwIfAborted(signal);
    const { worker } = espeak.get();
    const rateHz = worker.get_samplerate();
    for (const piece of toPieces(text)) {
      for (const samples of synthesize(worker, piece, voice)) {
        throwIfAborted(signal);
        yield { samples, rateHz };
      }
      throwIfAborted(signal);
    }
  }

  return {
    describe: () => Promise.resolve(espeakInfo),
    load: (onProgress, signal) => espeak.load(onProgress, signal),
    dispose: () => espeak.dispose(),
    speak,
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

async function start(create: CreateEspeakModule, data: ArrayBuffer): Promise<EspeakWorker> {
  const module = await create({
    getPreloadedPackage(_name, bytes) {
      if (data.byteLength === bytes) return data;
      const message = `The voice file ${DATA_FILE} is damaged; reload the page to fetch it again.`;
      throw new AppError('model.corrupt', message, { retryable: true });
    },
    print: () => {},
    printErr: () => {},
  });
  return new module.eSpeakNGWorker();
}

function synthesize(worker: EspeakWorker, text: string, voice: Voice): Float32Array[] {
  const file = voiceFile(voice.id);
  if (worker.set_voice(file) !== 0) throw new AppError('engine.failed', `eSpeak NG has no voice ${file}.`);
  worker.set_rate(wordsPerMinute(voice.speed));
  const chunks: Float32Array[] = [];
  worker.synthesize(text, (samples) => {
    if (samples.length > 0) chunks.push(Float32Array.from(samples, (sample) => sample / 32_768));
    return false;
  });
  return chunks;
}
