import type { Clock } from '../../core/clock.ts';
import type { Recognizer, Responder, Stage, Synthesizer } from '../../core/stages/stage.ts';
import type { TurnDetector } from '../../core/stages/turn-detector.ts';
import type { Chain, Limits, Profile, StageConfig } from '../config/schema.ts';
import { admitRecognizer, admitResponder, admitSynthesizer } from './admit.ts';
import type { Admission, CallTimes } from './admit.ts';
import { createFallback } from './fallback.ts';
import type { Candidate, FallbackStatus } from './fallback.ts';
import { fallbackRecognizer, fallbackResponder, fallbackSynthesizer } from './fallback-stages.ts';
import { createGate } from './gate.ts';
import type { Gate } from './gate.ts';
import { createLocalTurnDetector, createLocalVad } from './local-engines.ts';
import type { LocalEngine, ScoreFrames } from './local-engines.ts';
import { openRecognizer, openResponder, openSynthesizer } from './open-stage.ts';
import type { StageDeps } from './open-stage.ts';
import { createProcesses } from './processes.ts';
import type { ResidencyStatus } from './residency.ts';
import type { EngineStatus } from './supervisor.ts';

export const stageNames = ['stt', 'llm', 'tts'] as const;
export type StageName = (typeof stageNames)[number];

/** The stages as one caller may use them. */
export interface CallerStages {
  recognizer: Recognizer;
  responder: Responder;
  synthesizer: Synthesizer;
  turnDetector: TurnDetector;
  scoreFrames: ScoreFrames;
  /** Whether a conversation apologises where no language model answers. */
  apologises: boolean;
}

/** Everything that this server can do with models. */
export interface Engines {
  /** @param owner whoever shares one place in the queues: a key, an address, a session */
  for(owner: string): CallerStages;
  /** Id of the model that is to serve each stage. */
  models: Readonly<Record<StageName, string>>;
  /** Whether the stage is served by another server. */
  isRemote(stage: StageName): boolean;
  gates: Readonly<Record<StageName, Gate>>;
  /** How long callers of a stage waited for the first of its answer, lately; undefined while nobody did. */
  delayMs(stage: StageName): number | undefined;
  /** Of the processes of this server. */
  status(): EngineStatus[];
  /** Which engine of a stage serves it now. */
  serving(stage: StageName): FallbackStatus;
  /** What is on the graphics card, of the models that this server puts there. */
  card(): ResidencyStatus;
  dispose(): void;
}

export interface EngineDeps {
  clock: Clock;
  modelsDir: string;
  /** Told of each call when it is over. */
  observe(stage: StageName, times: CallTimes): void;
  /** Told why a program did not start. */
  report(line: string): void;
}

/** Makes the stages that the configuration names; none of them is started. @throws Error where it cannot be used */
export function createEngines(profile: Profile, deps: EngineDeps): Engines {
  const { clock, modelsDir, observe } = deps;
  const { chains, apologises } = readChains(profile.stages);
  const processes = createProcesses(processesOf(profile, chains), profile.gpu, clock, deps.report);
  const local: LocalEngine<unknown>[] = [];
  const stageDeps: StageDeps = {
    modelsDir,
    residency: processes.residency,
    processes: Object.keys(profile.processes),
    keep(engine) {
      local.push(engine);
      return engine.stage;
    },
  };

  function chainOf<S extends Stage>(
    stage: StageName,
    open: (config: StageConfig, deps: StageDeps) => S,
    withoutIt: string,
  ) {
    const candidates = chains[stage].map((config): Candidate<S> => {
      const firstMs = config.engine === 'openai' ? config.firstMs : undefined;
      return { model: config.model, stage: open(config, stageDeps), firstMs };
    });
    return createFallback(candidates, { clock, withoutIt });
  }

  const fallbacks = {
    stt: chainOf<Recognizer>('stt', openRecognizer, 'What is typed is still answered.'),
    llm: chainOf<Responder>('llm', openResponder, 'Please try again in a moment.'),
    tts: chainOf<Synthesizer>('tts', openSynthesizer, 'Answers are still written.'),
  };
  const recognizer = fallbackRecognizer(fallbacks.stt);
  const responder = fallbackResponder(fallbacks.llm);
  const synthesizer = fallbackSynthesizer(fallbacks.tts);
  const turnDetector = stageDeps.keep(createLocalTurnDetector(modelsDir));
  const scoreFrames = stageDeps.keep(createLocalVad());
  const gates = createGates(profile.limits);
  const delays: Partial<Record<StageName, number | undefined>> = {};
  const admission = (stage: StageName, owner: string): Admission => ({
    gate: gates[stage],
    owner,
    observe(times) {
      delays[stage] = meanDelay(delays[stage], times);
      observe(stage, times);
    },
  });

  return {
    for: (owner) => ({
      recognizer: admitRecognizer(recognizer, admission('stt', owner)),
      responder: admitResponder(responder, admission('llm', owner)),
      synthesizer: admitSynthesizer(synthesizer, admission('tts', owner)),
      turnDetector,
      scoreFrames,
      apologises,
    }),
    models: { stt: chains.stt[0]!.model, llm: chains.llm[0]!.model, tts: chains.tts[0]!.model },
    isRemote: (stage) => chains[stage][0]!.engine === 'openai',
    gates,
    delayMs: (stage) => delays[stage],
    status: () => [...local.map((engine) => engine.status()), ...processes.status()],
    serving: (stage) => fallbacks[stage].status(),
    card: () => processes.residency.status(),
    dispose() {
      for (const engine of local) engine.terminate();
      processes.terminate();
    },
  };
}

/** Weight of the latest call: what one page learns of the server follows the load within a few calls. */
const LATEST = 0.25;

function meanDelay(mean: number | undefined, { waitedMs, firstMs }: CallTimes): number | undefined {
  if (firstMs === undefined) return mean;
  const tookMs = Math.round(waitedMs + firstMs);
  return mean === undefined ? tookMs : mean + LATEST * (tookMs - mean);
}

function readChains({ stt, llm, tts }: Profile['stages']) {
  const asList = <T extends object>(chain: Chain<T>): T[] => [chain].flat() as T[];
  const answering = asList(llm);
  const models = answering.filter((each) => each.engine !== 'apology');
  const apologises = models.length < answering.length;
  if (models.length === 0 || (apologises && answering.at(-1)?.engine !== 'apology')) {
    throw new Error('PARLEY_CONFIG: "stages.llm" needs a language model, and an apology only at its end');
  }
  return { chains: { stt: asList(stt), llm: models, tts: asList(tts) }, apologises };
}

/** A profile may declare more than the stages name. */
function processesOf({ processes }: Profile, chains: Record<StageName, readonly StageConfig[]>) {
  const named = new Set(
    Object.values(chains)
      .flat()
      .map((config) => (config.engine === 'openai' ? config.process : undefined)),
  );
  return Object.fromEntries(Object.entries(processes).filter(([name]) => named.has(name)));
}

function createGates(limits: Limits): Record<StageName, Gate> {
  return {
    stt: createGate('Speech recognition', limits.stt),
    llm: createGate('The language model', limits.llm),
    tts: createGate('The voice', limits.tts),
  };
}
