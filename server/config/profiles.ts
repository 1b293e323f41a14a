import type { Limits, Profile, ProfileName, StageConfig } from './schema.ts';

const limits: Limits = {
  bodyMb: 25,
  audioSeconds: 600,
  speechCharacters: 4096,
  requestsPerMinute: 600,
  sessions: 64,
  drainMs: 10_000,
  stt: { atOnce: 2, waiting: 16 },
  llm: { atOnce: 1, waiting: 16 },
  tts: { atOnce: 2, waiting: 32 },
};

/** Services on a graphics card batch what comes together; one process on the CPU does not. */
const batching: Limits = {
  ...limits,
  stt: { atOnce: 8, waiting: 64 },
  llm: { atOnce: 8, waiting: 64 },
  tts: { atOnce: 8, waiting: 64 },
};

function upstream(port: number, model: string): StageConfig {
  return { engine: 'openai', url: `http://127.0.0.1:${port}/v1`, model, timeoutMs: 30_000 };
}

/** 24 GB: Llama behind Ollama, distil-medium.en behind speaches, Kokoro behind Kokoro-FastAPI, each at its usual port. */
const cascade: Profile = {
  stages: {
    stt: upstream(8000, 'Systran/faster-distil-whisper-medium.en'),
    llm: upstream(11_434, 'llama3.1:8b'),
    tts: upstream(8880, 'kokoro'),
  },
  limits: batching,
};

/** What stands where the file says nothing. */
export const profiles: Readonly<Record<ProfileName, Profile>> = {
  /** The starter models: nothing to download, nothing else to run. */
  cpu: {
    stages: {
      stt: { engine: 'whisper', model: 'starter/recogniser', dtype: 'q8' },
      llm: { engine: 'causal-lm', model: 'starter/chat', dtype: 'q8' },
      tts: { engine: 'espeak', model: 'espeak-ng', dtype: 'q8' },
    },
    limits,
  },
  l4: cascade,
  a10: cascade,
  /** Voxtral behind vLLM, Mistral-Small-24B behind llama-server, Higgs behind vLLM-Omni. */
  'gpu-48gb': {
    stages: {
      stt: upstream(8000, 'mistralai/Voxtral-Mini-3B-2507'),
      llm: upstream(8080, 'mistral-small-24b-instruct'),
      tts: upstream(8091, 'higgs-audio-v2'),
    },
    limits: batching,
  },
};
