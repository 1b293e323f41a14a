/** The engines that can carry a model; each is a file of `engines/`, in one way of loading models. */
export const engineNames = [
  'whisper',
  'moonshine',
  'ctc',
  'voxtral',
  'ultravox',
  'causal-lm',
  'web-llm',
  'kokoro',
  'supertonic',
  'turn-audio',
  'turn-text',
] as const;

export type EngineName = (typeof engineNames)[number];

const runtimes: Partial<Record<EngineName, string>> = { 'web-llm': 'WebLLM' };

/** What carries the models of an engine, as a person would name it. */
export function runtimeOf(engine: EngineName): string {
  return runtimes[engine] ?? 'transformers.js';
}
