import { env, InferenceSession, Tensor } from 'onnxruntime-web/wasm';
import { FRAME_SAMPLES, SPEECH_RATE_HZ } from '../core/audio/pcm.ts';
import { AppError, toAppError } from '../core/errors.ts';
import { sileroInfo } from '../core/stages/built-in.ts';
import type { OnProgress, Stage } from '../core/stages/stage.ts';
import { createLoadable } from './loadable.ts';
import { trackProgress } from './model-files.ts';
import type { ReadAsset } from './read-asset.ts';

/** What the model wants to see of the frame before: part of its input at 16 kHz. */
const CONTEXT_SAMPLES = 64;
/** Shape of the recurrent state, as the model file declares it. */
const STATE_DIMS = [2, 1, 128] as const;
const WASM_FILE = 'ort-wasm-simd-threaded.wasm';

export interface SileroConfig {
  /** The ONNX file of Silero VAD v5 or v6; both have the same inputs. */
  modelUrl: string;
  /** Folder of the onnxruntime-web files, ending in "/". */
  runtimeUrl: string;
  read: ReadAsset;
}

/** Follows one stream of sound. */
export interface FrameScorer {
  /**
   * Probability of speech, 0…1, in a frame of 512 samples at 16 kHz, given the frames before it. Call it in order, one
   * at a time. Samples that are not numbers count as silence: they would spoil the state for good.
   * @throws AppError `audio.invalid` for a frame of another length, `engine.failed`.
   */
  probability(frame: Float32Array): Promise<number>;
  /** Forgets the frames before. */
  reset(): void;
}

/** Silero VAD on one wasm thread: about 0.3 ms a frame. On WebGPU it is 30 times slower and less exact. */
export interface Silero extends Stage, FrameScorer {
  /** Follows another stream with the same model. */
  openScorer(): FrameScorer;
}

export function createSilero(config: SileroConfig): Silero {
  const model = createLoadable('Speech detection', async (onProgress, signal) => {
    const report = trackProgress(onProgress);
    const progress: OnProgress = (step) => report(step.file, step.loadedBytes, step.totalBytes);
    const [wasm, bytes] = await Promise.all([
      config.read(config.runtimeUrl + WASM_FILE, progress, signal),
      config.read(config.modelUrl, progress, signal),
    ]);
    env.wasm.numThreads = 1;
    env.wasm.wasmBinary = wasm;
    env.wasm.wasmPaths = { mjs: `${config.runtimeUrl}ort-wasm-simd-threaded.mjs` };
    const session = await openSession(config.modelUrl, bytes);
    return { session, close: () => session.release() };
  });
  const openScorer = (): FrameScorer => createScorer(() => model.get().session);
  const own = openScorer();

  return {
    ...own,
    openScorer,
    describe: () => Promise.resolve(sileroInfo),
    load: (onProgress, signal) => model.load(onProgress, signal),
    async dispose() {
      await model.dispose();
      own.reset();
    },
  };
}

function createScorer(session: () => InferenceSession): FrameScorer {
  const rate = BigInt64Array.of(BigInt(SPEECH_RATE_HZ));
  const input = new Float32Array(CONTEXT_SAMPLES + FRAME_SAMPLES);
  let state = new Float32Array(STATE_DIMS[0] * STATE_DIMS[2]);

  return {
    reset() {
      input.fill(0);
      state = new Float32Array(state.length);
    },
    async probability(frame) {
      if (frame.length !== FRAME_SAMPLES) {
        throw new AppError(
          'audio.invalid',
          `A frame must hold ${FRAME_SAMPLES} samples, not ${frame.length}.`,
        );
      }
      input.copyWithin(0, FRAME_SAMPLES);
      for (let i = 0; i < FRAME_SAMPLES; i++) {
        const sample = frame[i]!;
        input[CONTEXT_SAMPLES + i] = Number.isFinite(sample) ? Math.max(-1, Math.min(1, sample)) : 0;
      }
      const outputs = await session().run({
        input: new Tensor('float32', input, [1, input.length]),
        state: new Tensor('float32', state, [...STATE_DIMS]),
        sr: new Tensor('int64', rate, []),
      });
      state = outputs['stateN']!.data as Float32Array<ArrayBuffer>;
      return (outputs['output']!.data as Float32Array)[0]!;
    },
  };
}

async function openSession(url: string, bytes: Uint8Array): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(bytes, { executionProviders: ['wasm'] });
  } catch (error) {
    // Only a model that the running runtime refused has a code; a runtime that did not start has none.
    if (!String(error).includes('ERROR_CODE')) throw toAppError(error);
    const file = url.slice(url.lastIndexOf('/') + 1);
    throw new AppError(
      'model.corrupt',
      `The model file ${file} is damaged; reload the page to fetch it again.`,
      {
        retryable: true,
        cause: error,
      },
    );
  }
}
