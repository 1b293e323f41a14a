import {
  env,
  LogLevel,
  PreTrainedModel,
  type PretrainedConfig,
  type ProgressInfo,
} from '@huggingface/transformers';
import { AppError, throwIfAborted, toAppError } from '../core/errors.ts';
import type { OnProgress } from '../core/stages/stage.ts';
import type { EngineConfig, EngineDtype } from './engine-config.ts';
import { gpuUnavailable, toLoadError } from './load-failure.ts';
import { dtypeOf, externalDataFiles, onnxFileName, type ExternalDataConfig } from './onnx-files.ts';
import {
  fetchModelFile,
  readFile,
  readJsonFile,
  registerLoad,
  trackProgress,
  type OpenLoad,
} from './model-files.ts';
import { withRawHalfFloats, type OnnxSession } from './onnx-session.ts';

/** More threads than this gain nothing on models that fit a page, and the other stages need cores too. */
const MAX_THREADS = 4;

interface GraphOptions {
  device: EngineConfig['device'];
  dtype: EngineDtype;
  /** Off: the library would wait for ever for a file that is missing. The files are named below instead. */
  use_external_data_format: false;
  session_options: {
    externalData?: { path: string; data: string }[];
    preferredOutputLocation?: Record<string, 'gpu-buffer'>;
  };
  progress_callback?: (info: ProgressInfo) => void;
}

/** What an engine gets to open its model with. */
export interface ModelOpener {
  /** What `from_pretrained` takes. */
  path: string;
  signal: AbortSignal;
  /** What `from_pretrained` is told of a model that is one graph: where it runs, which of its files to read. */
  graphOptions(graph: string, config: PretrainedConfig): GraphOptions;
  /**
   * Opens one graph of a model, to be closed with it. Outputs in `gpuOutputs` stay on the GPU where it runs there.
   * @throws AppError as `step`, and `input.invalid` where the catalogue names no type for the graph.
   */
  openGraph(graph: string, config: PretrainedConfig, gpuOutputs?: readonly string[]): Promise<OnnxSession>;
  /** The session of a model that was opened as one graph, to be closed with it. */
  adopt(model: PreTrainedModel): OnnxSession;
  /** File of a graph, for messages: `model` is "onnx/model_quantized.onnx". */
  onnxFile(graph: string): string;
  /**
   * Does one step of loading; a failure becomes an AppError that names the file. Of several JSON files that the step
   * reads, it is the first that cannot be parsed.
   */
  step<T>(files: string | readonly string[], work: () => Promise<T>): Promise<T>;
  /** Reads a file that the library has no reader for. @throws AppError `model.missing`, `model.corrupt`. */
  readJson<T>(file: string): Promise<T>;
  /** Registers what must be released when the model is closed or when a later step fails. */
  onClose(release: () => unknown): void;
}

/** What every tokenizer is read from. */
export const TOKENIZER_FILES = ['tokenizer.json', 'tokenizer_config.json'] as const;

/** An open model and how to part from it. */
export interface Opened<T> {
  model: T;
  /** What to throw for an error of the running model: says so when the GPU is gone. */
  failure(error: unknown): AppError;
  close(): Promise<void>;
}

/**
 * Opens a model with transformers.js so that nothing but the app's own origin is asked, nothing is logged, and a strict
 * content security policy holds (no blob: scripts). Model files are cached by HTTP alone.
 * @throws AppError `model.missing`, `model.corrupt`, `gpu.unavailable`, `engine.failed`, `aborted`.
 */
export async function openModel<T>(
  config: EngineConfig,
  onProgress: OnProgress,
  signal: AbortSignal,
  open: (opener: ModelOpener) => Promise<T>,
): Promise<Opened<T>> {
  configure(config);
  const report = trackProgress(onProgress);
  const load = openLoad(config, signal, report);
  const unregister = registerLoad(load);
  const releases: (() => unknown)[] = [];
  const close = async (): Promise<void> => {
    for (const release of releases.splice(0).reverse()) await release();
  };
  const opener: ModelOpener = {
    path: load.path,
    signal,
    graphOptions: (graph, modelConfig) => ({
      device: config.device,
      dtype: dtypeOf(config, graph),
      use_external_data_format: false,
      session_options: sessionOptions(config, graph, modelConfig),
      ...(config.device === 'cpu' && {
        progress_callback: (info: ProgressInfo) => reportInfo(info, report),
      }),
    }),
    async openGraph(graph, modelConfig, gpuOutputs = []) {
      const options = opener.graphOptions(graph, modelConfig);
      if (config.device === 'webgpu') {
        const locations = gpuOutputs.map((name) => [name, 'gpu-buffer'] as const);
        options.session_options.preferredOutputLocation = Object.fromEntries(locations);
      }
      const model = await opener.step(opener.onnxFile(graph), () =>
        PreTrainedModel.from_pretrained(load.path, {
          ...options,
          config: modelConfig,
          model_file_name: graph,
        }),
      );
      return opener.adopt(model);
    },
    adopt(model) {
      releases.push(() => model.dispose());
      const session = model.sessions.model as OnnxSession;
      return config.device === 'cpu' ? withRawHalfFloats(session) : session;
    },
    onnxFile: (graph) => `onnx/${onnxFileName(config, graph)}`,
    async step(files, work) {
      throwIfAborted(signal);
      try {
        return await work();
      } catch (error) {
        throwIfAborted(signal);
        const file = typeof files === 'string' ? files : await firstUnreadable(load.path, files);
        throw load.failure ?? toLoadError(error, config, file);
      }
    },
    readJson: (file) => opener.step(file, () => readJsonFile(`${load.path}/${file}`)),
    onClose: (release) => void releases.push(release),
  };
  try {
    if (config.device === 'webgpu') await assertGpu();
    const model = await open(opener);
    throwIfAborted(signal);
    const isLost = config.device === 'webgpu' ? await watchGpu() : () => false;
    return { model, close, failure: (error) => toRunError(error, isLost()) };
  } catch (error) {
    await close();
    throw toAppError(error);
  } finally {
    unregister();
  }
}

/** In Node the runtime itself reads what lies beside the graph's file. */
function sessionOptions(
  config: EngineConfig,
  graph: string,
  modelConfig: ExternalDataConfig,
): GraphOptions['session_options'] {
  if (config.device === 'cpu') return {};
  const files = externalDataFiles(config, graph, onnxFileName(config, graph), modelConfig);
  return { externalData: files.map((path) => ({ path, data: `onnx/${path}` })) };
}

/**
 * Reads one more file of a model that is open or being opened, such as a voice. It is checked like those that are read
 * when the model is opened.
 * @throws AppError `model.missing`, `model.corrupt`, `aborted`.
 */
export async function readModelFile(
  config: EngineConfig,
  file: string,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const load = openLoad(config, signal, trackProgress(onProgress));
  const unregister = registerLoad(load);
  try {
    return await readFile(`${load.path}/${file}`);
  } catch (error) {
    throwIfAborted(signal);
    throw load.failure ?? toLoadError(error, config, file);
  } finally {
    unregister();
  }
}

function openLoad(config: EngineConfig, signal: AbortSignal, report: OpenLoad['report']): OpenLoad {
  const { name, modelId, files } = config;
  const load = { path: modelPath(config), model: { name, modelId }, signal, report };
  if (files === undefined) return load;
  return { ...load, hashes: new Map(files.map(({ path, sha256 }) => [path, sha256])) };
}

/** In a page a path of this origin, in Node a folder. Not a model id, so that no setting of the library is needed. */
function modelPath(config: EngineConfig): string {
  const base = config.device === 'cpu' ? config.modelsUrl : new URL(config.modelsUrl, location.href).pathname;
  return `${base.replace(/\/$/, '')}/${config.modelId}`;
}

function configure(config: EngineConfig): void {
  env.allowLocalModels = true;
  env.allowRemoteModels = false;
  env.useBrowserCache = false;
  env.useFSCache = false;
  // The library would import the runtime from a blob: URL, which the page's content security policy forbids.
  env.useWasmCache = false;
  // Its messages quote the inputs of a model, which are what a person said.
  env.logLevel = LogLevel.NONE;
  if (config.device === 'cpu') return;
  env.fetch = fetchModelFile;
  const wasm = env.backends.onnx.wasm!;
  const build = `${config.runtimeUrl}ort-wasm-simd-threaded${config.device === 'wasm' ? '' : '.asyncify'}`;
  wasm.wasmPaths = { mjs: `${build}.mjs`, wasm: `${build}.wasm` };
  const share = Math.min(MAX_THREADS, Math.max(1, Math.floor(navigator.hardwareConcurrency / 2)));
  wasm.numThreads = crossOriginIsolated ? (config.threads ?? share) : 1;
}

async function firstUnreadable(path: string, files: readonly string[]): Promise<string> {
  for (const file of files) {
    const isReadable = await readJsonFile(`${path}/${file}`).then(
      () => true,
      () => false,
    );
    if (!isReadable) return file;
  }
  return files.join(' or ');
}

/** Files that Node reads arrive whole; a page reports its bytes in `fetchModelFile`. */
function reportInfo(info: ProgressInfo, report: OpenLoad['report']): void {
  if (info.status === 'progress') report(info.file, info.loaded, info.total);
}

async function assertGpu(): Promise<void> {
  const adapter = await navigator.gpu?.requestAdapter().catch(() => null);
  if (!adapter) throw gpuUnavailable();
}

/** Tells from now on whether the device that the runtime uses has been lost. */
async function watchGpu(): Promise<() => boolean> {
  let lost = false;
  const device = await env.backends.onnx.webgpu?.device;
  void device?.lost.then(() => (lost = true));
  return () => lost;
}

function toRunError(error: unknown, gpuLost: boolean): AppError {
  if (error instanceof AppError) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (gpuLost || /device (is|was) lost|lost device|device lost/i.test(message)) {
    return new AppError('gpu.lost', 'The GPU was reset. Please try once more.', {
      retryable: true,
      cause: error,
    });
  }
  return toAppError(error);
}
