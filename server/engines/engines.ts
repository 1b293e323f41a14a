import type { Recognizer, Responder, Synthesizer } from '../../core/stages/stage.ts';
import type { TurnDetector } from '../../core/stages/turn-detector.ts';
import {
  createOpenAiRecognizer,
  createOpenAiResponder,
  createOpenAiSynthesizer,
} from '../../engines/openai.ts';
import type { OpenAiVoiceConfig } from '../../engines/openai.ts';
import { recognisers } from '../config/schema.ts';
import type { Limits, Profile, StageConfig, UpstreamConfig } from '../config/schema.ts';
import { admitRecognizer, admitResponder, admitSynthesizer } from './admit.ts';
import type { Admission, CallTimes } from './admit.ts';
import { createGate } from './gate.ts';
import type { Gate } from './gate.ts';
import {
  createLocalEspeak,
  createLocalKokoro,
  createLocalRecognizer,
  createLocalResponder,
  createLocalTurnDetector,
  createLocalVad,
} from './local-engines.ts';
import type { LocalEngine, ScoreFrames } from './local-engines.ts';
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
}

/** Everything that this server can do with models. */
export interface Engines {
  /** @param owner whoever shares one place in the queues: a key, an address, a session */
  for(owner: string): CallerStages;
  /** Id of the model that serves each stage. */
  models: Readonly<Record<StageName, string>>;
  /** Whether the stage is served by another server. */
  isRemote(stage: StageName): boolean;
  gates: Readonly<Record<StageName, Gate>>;
  /** How long callers of a stage waited for the first of its answer, lately; undefined while nobody did. */
  delayMs(stage: StageName): number | undefined;
  /** Of the processes of this server. */
  status(): EngineStatus[];
  dispose(): void;
}

/**
 * Makes the stages that the configuration names; none of them is started.
 * @param observe told of each call when it is over
 */
export function createEngines(
  { stages, limits }: Profile,
  modelsDir: string,
  observe: (stage: StageName, times: CallTimes) => void = () => {},
): Engines {
  const local: LocalEngine<unknown>[] = [];
  function keep<S>(engine: LocalEngine<S>): S {
    local.push(engine);
    return engine.stage;
  }

  const recognizer = openRecognizer(stages.stt, modelsDir, keep);
  const responder = openResponder(stages.llm, modelsDir, keep);
  const synthesizer = openSynthesizer(stages.tts, modelsDir, keep);
  const turnDetector = keep(createLocalTurnDetector(modelsDir));
  const scoreFrames = keep(createLocalVad());
  const gates = createGates(limits);
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
    }),
    models: { stt: stages.stt.model, llm: stages.llm.model, tts: stages.tts.model },
    isRemote: (stage) => stages[stage].engine === 'openai',
    gates,
    delayMs: (stage) => delays[stage],
    status: () => local.map((engine) => engine.status()),
    dispose() {
      for (const engine of local) engine.terminate();
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

function createGates(limits: Limits): Record<StageName, Gate> {
  return {
    stt: createGate('Speech recognition', limits.stt),
    llm: createGate('The language model', limits.llm),
    tts: createGate('The voice', limits.tts),
  };
}

type Keep = <S>(engine: LocalEngine<S>) => S;

function openRecognizer(config: StageConfig, modelsDir: string, keep: Keep): Recognizer {
  if (config.engine === 'openai') return createOpenAiRecognizer(upstreamOf(config));
  if (recognisers.some((name) => name === config.engine))
    return keep(createLocalRecognizer(config, modelsDir));
  throw cannotServe('stt', config);
}

function openResponder(config: StageConfig, modelsDir: string, keep: Keep): Responder {
  if (config.engine === 'causal-lm') return keep(createLocalResponder(config, modelsDir));
  if (config.engine === 'openai') return createOpenAiResponder(upstreamOf(config));
  throw cannotServe('llm', config);
}

function openSynthesizer(config: StageConfig, modelsDir: string, keep: Keep): Synthesizer {
  if (config.engine === 'espeak') return keep(createLocalEspeak());
  if (config.engine === 'kokoro') return keep(createLocalKokoro(config, modelsDir));
  if (config.engine === 'openai') return createOpenAiSynthesizer(upstreamOf(config));
  throw cannotServe('tts', config);
}

/** The key comes from the environment: it has no place in a file. */
function upstreamOf({ keyEnv, url, model, timeoutMs, voice }: UpstreamConfig): OpenAiVoiceConfig {
  const key = keyEnv === undefined ? undefined : process.env[keyEnv];
  if (keyEnv !== undefined && !key) throw new Error(`${keyEnv} is not set: it is to hold the key of ${url}`);
  return { url, model, timeoutMs, ...(voice !== undefined && { voice }), ...(key !== undefined && { key }) };
}

function cannotServe(stage: StageName, { engine }: StageConfig): Error {
  return new Error(`PARLEY_CONFIG: "stages.${stage}.engine" cannot be ${engine}`);
}
