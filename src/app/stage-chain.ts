import { AppError } from '../../core/errors.ts';
import { variantBytes } from '../../core/models/catalog.ts';
import { runtimeOf } from '../../core/models/engines.ts';
import type { Candidate, Part, Plan, StagePlan } from '../../core/placement/plan.ts';
import { isTooSlow } from '../../core/placement/speed.ts';
import type { Speed } from '../../core/placement/speed.ts';
import { espeakInfo } from '../../core/stages/built-in.ts';
import { createChain } from '../../core/stages/first-that-works.ts';
import type { Chain, Rung, Running } from '../../core/stages/first-that-works.ts';
import type { Recognizer, Responder, Stage, StageInfo, Synthesizer, Voice } from '../../core/stages/stage.ts';
import { pageNowMs } from '../audio/page-clock.ts';
import type { Placement } from '../placement/placement.ts';
import { runtimePaths } from '../runtime-paths.ts';
import { engineThreads } from './engine-threads.ts';
import type { ModelLoader } from './model-loader.ts';
import { createSynthesizerThread } from './stages.ts';

/** A spare as large as this is fetched when it is needed: whoever talks to a server may want to load nothing. */
const LARGEST_SPARE_BYTES = 100_000_000;

/** The stages that models of the catalogue carry out, one at a time. */
export type ModelStage = 'stt' | 'llm' | 'tts';
const modelStages: readonly ModelStage[] = ['stt', 'llm', 'tts'];

export interface StageChainDeps {
  placement: Placement;
  loader: ModelLoader;
  /** An engine failed, and another took over. */
  onFailure(error: AppError): void;
}

/** Fetched when something is to be measured: nobody needs it before the page stands. */
type Benchmark = typeof import('../../core/placement/benchmark.ts');
const loadBenchmark = (): Promise<Benchmark | undefined> =>
  import('../../core/placement/benchmark.ts').catch(() => undefined);

/** What the three kinds of stages differ in. */
interface Kind<S extends Stage> {
  name: ModelStage;
  start(candidate: Candidate): Rung<S>['start'];
  startOnServer(info: StageInfo, onDeath: (error: AppError) => void): Running<S>;
  measure(benchmark: Benchmark, stage: S, signal: AbortSignal): Promise<Speed>;
}

/** A chain that follows the plan. */
export interface StageChain<S extends Stage> {
  chain: Chain<S>;
  /** Brings the chain into the order of the plan; the engine in use stays where it is still first. */
  follow(plan: Plan, afresh: boolean): void;
}

export const createRecognizerChain = (deps: StageChainDeps): StageChain<Recognizer> =>
  createStageChain(deps, {
    name: 'stt',
    start: ({ parts }) => starter(parts, engineThreads.stt),
    startOnServer: (info, onDeath) => deps.placement.onServer().stt(info, onDeath),
    measure: ({ measureRecognizer }, stage, signal) => measureRecognizer(stage, pageNowMs, signal),
  });

export const createResponderChain = (deps: StageChainDeps): StageChain<Responder> =>
  createStageChain(deps, {
    name: 'llm',
    start: ({ parts }) => starter(parts, engineThreads.llm),
    startOnServer: (info, onDeath) => deps.placement.onServer().llm(info, onDeath),
    measure: ({ measureResponder }, stage, signal) => measureResponder(stage, pageNowMs, signal),
  });

export const createSynthesizerChain = (deps: StageChainDeps, voice: () => Voice): StageChain<Synthesizer> =>
  createStageChain(deps, {
    name: 'tts',
    start: ({ key, parts }) =>
      key === espeakInfo.id ? createSynthesizerThread : starter(parts, engineThreads.tts),
    startOnServer: (info, onDeath) => deps.placement.onServer().tts(info, onDeath),
    measure: ({ measureSynthesizer }, stage, signal) => measureSynthesizer(stage, voice(), pageNowMs, signal),
  });

function createStageChain<S extends Stage>(
  { placement, loader, onFailure }: StageChainDeps,
  kind: Kind<S>,
): StageChain<S> {
  const { name } = kind;

  const rungsOf = ({ chain }: StagePlan): Rung<S>[] =>
    chain.map((candidate) => {
      const info = infoOf(candidate);
      const start: Rung<S>['start'] =
        candidate.place === 'server' ? (onDeath) => kind.startOnServer(info, onDeath) : kind.start(candidate);
      return { key: candidate.key, info, start };
    });

  const bytesOf = ({ key }: Rung<S>): number => bytesToLoad(placement.get().plan, name, key);

  let keptSpare = false;

  /**
   * Loads what takes over from the server once: its files come from there too, and the service worker keeps them for
   * when the server is gone.
   */
  async function keepSpare(signal: AbortSignal): Promise<void> {
    const { plan } = placement.get();
    const spare = plan[name].chain.find(({ place }) => place !== 'server');
    if (keptSpare || spare === undefined || !navigator.serviceWorker?.controller) return;
    if (bytesToLoad(plan, name, spare.key) > LARGEST_SPARE_BYTES) return;
    keptSpare = true;
    const { stage, terminate } = kind.start(spare)(() => {});
    await stage.load(() => {}, signal).catch(() => {});
    terminate();
  }

  const chain = createChain<S>(atLeastOne(rungsOf(placement.get().plan[name]), name), {
    onReload: (rung) =>
      loader.set(name, { stage: chain.lifeCycle, info: rung.info, totalBytes: bytesOf(rung) }),
    onServing: (rung) => loader.describe(name, rung.info, bytesOf(rung)),
    onFailure,
    async onLoaded({ key, info }, stage, signal) {
      if (info.device === 'remote') keepSpare(signal).catch(() => {});
      if (key === espeakInfo.id || placement.speedOf(key) !== undefined) return;
      const benchmark = await loadBenchmark();
      if (benchmark === undefined) return;
      const measure = (): Promise<Speed> => kind.measure(benchmark, stage, signal);
      const speed = await measure();
      // While everything loads at once, a first measurement is easily too slow.
      placement.measured(key, isTooSlow(name, speed) ? await measure() : speed);
    },
  });
  const first = chain.serving();
  loader.set(name, { stage: chain.lifeCycle, info: first.info, totalBytes: bytesOf(first) });

  return {
    chain,
    follow(plan, afresh) {
      chain.replace(atLeastOne(rungsOf(plan[name]), name), afresh);
      const rung = chain.serving();
      loader.describe(name, rung.info, bytesOf(rung));
    },
  };
}

function starter<S extends Stage>(
  parts: readonly Part[],
  threads: Readonly<
    Partial<Record<string, (part: Part, onDeath: (error: AppError) => void) => ReturnType<Rung<S>['start']>>>
  >,
): Rung<S>['start'] {
  const [part] = parts;
  const create = part && threads[part.model.engine];
  if (part === undefined || create === undefined)
    throw new AppError(
      'engine.failed',
      'The plan names an engine that this page does not have. Reload the page.',
    );
  return (onDeath) => create(part, onDeath);
}

function atLeastOne<Item>(items: readonly Item[], stage: ModelStage): readonly Item[] {
  if (items.length > 0) return items;
  throw new AppError(
    'model.missing',
    `The catalogue names no model for ${stage} that can run here. Restore public/models/catalog.json.`,
  );
}

function infoOf({ model, name, parts, place }: Candidate): StageInfo {
  if (place === 'server') return { model: name, id: model, runtime: 'Parley', device: 'remote' };
  const [part] = parts;
  if (part === undefined) return espeakInfo;
  return { model: name, id: model, runtime: runtimeOf(part.model.engine), device: place };
}

/** What loading a candidate fetches. The runtime for WebGPU is fetched once: it counts with the first stage that needs it. */
function bytesToLoad(plan: Plan, stage: ModelStage, key: string): number {
  const candidate = plan[stage].chain.find((each) => each.key === key);
  if (candidate === undefined) return 0;
  if (key === espeakInfo.id) return runtimePaths.bytes.espeak;
  const onGpu = modelStages.find((each) => plan[each].chain[0]?.place === 'webgpu') ?? stage;
  const runtime = candidate.place === 'webgpu' && onGpu === stage ? runtimePaths.bytes.gpuRuntime : 0;
  return candidate.parts.reduce((sum, { variant }) => sum + (variantBytes(variant) ?? 0), runtime);
}
