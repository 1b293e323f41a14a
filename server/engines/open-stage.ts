import type { Recognizer, Responder, Synthesizer } from '../../core/stages/stage.ts';
import {
  createOpenAiRecognizer,
  createOpenAiResponder,
  createOpenAiSynthesizer,
} from '../../engines/openai.ts';
import type { OpenAiVoiceConfig } from '../../engines/openai.ts';
import { recognisers } from '../config/schema.ts';
import type { StageConfig, UpstreamConfig } from '../config/schema.ts';
import {
  createLocalEspeak,
  createLocalKokoro,
  createLocalRecognizer,
  createLocalResponder,
} from './local-engines.ts';
import type { LocalEngine } from './local-engines.ts';
import type { Residency } from './residency.ts';
import { residentRecognizer, residentResponder, residentSynthesizer } from './resident-stages.ts';
import type { Tenancy } from './resident-stages.ts';

export interface StageDeps {
  modelsDir: string;
  /** Remembers an engine that has a process of this server. */
  keep: <S>(engine: LocalEngine<S>) => S;
  residency: Residency;
  /** Names of the processes that the configuration declares. */
  processes: readonly string[];
}

/** @throws Error naming the field of the configuration that cannot be used */
export function openRecognizer(config: StageConfig, deps: StageDeps): Recognizer {
  if (config.engine === 'openai')
    return tenant(createOpenAiRecognizer(upstreamOf(config)), residentRecognizer, config, deps);
  if (recognisers.some((name) => name === config.engine))
    return deps.keep(createLocalRecognizer(config, deps.modelsDir));
  throw cannotServe('stt', config);
}

/** @throws as `openRecognizer` */
export function openResponder(config: StageConfig, deps: StageDeps): Responder {
  if (config.engine === 'causal-lm') return deps.keep(createLocalResponder(config, deps.modelsDir));
  if (config.engine === 'openai')
    return tenant(createOpenAiResponder(upstreamOf(config)), residentResponder, config, deps);
  throw cannotServe('llm', config);
}

/** @throws as `openRecognizer` */
export function openSynthesizer(config: StageConfig, deps: StageDeps): Synthesizer {
  if (config.engine === 'espeak') return deps.keep(createLocalEspeak());
  if (config.engine === 'kokoro') return deps.keep(createLocalKokoro(config, deps.modelsDir));
  if (config.engine === 'openai')
    return tenant(createOpenAiSynthesizer(upstreamOf(config)), residentSynthesizer, config, deps);
  throw cannotServe('tts', config);
}

/** The stage as it is, or one that has its process running while it works. */
function tenant<S>(
  stage: S,
  resident: (stage: S, tenancy: Tenancy) => S,
  { process: name }: UpstreamConfig,
  { residency, processes }: StageDeps,
): S {
  if (name === undefined) return stage;
  if (!processes.includes(name)) {
    throw new Error(`PARLEY_CONFIG: a stage names the process "${name}", which "processes" does not declare`);
  }
  return resident(stage, { residency, name });
}

/** The key comes from the environment: it has no place in a file. */
function upstreamOf({ keyEnv, url, model, timeoutMs, voice }: UpstreamConfig): OpenAiVoiceConfig {
  const key = keyEnv === undefined ? undefined : process.env[keyEnv];
  if (keyEnv !== undefined && !key) throw new Error(`${keyEnv} is not set: it is to hold the key of ${url}`);
  return { url, model, timeoutMs, ...(voice !== undefined && { voice }), ...(key !== undefined && { key }) };
}

function cannotServe(stage: string, { engine }: StageConfig): Error {
  return new Error(`PARLEY_CONFIG: "stages.${stage}.engine" cannot be ${engine}`);
}
