import type {
  ApologyConfig,
  Limits,
  LocalConfig,
  ProcessConfig,
  Profile,
  ProfileName,
  UpstreamConfig,
} from './schema.ts';

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

/** Nobody waits longer than this for a first word while another engine could say it. */
const PATIENCE_MS = 5000;

function upstream(port: number, model: string, rest: Partial<UpstreamConfig> = {}): UpstreamConfig {
  return {
    engine: 'openai',
    url: `http://127.0.0.1:${port}/v1`,
    model,
    timeoutMs: 30_000,
    firstMs: PATIENCE_MS,
    ...rest,
  };
}

const espeak: LocalConfig = { engine: 'espeak', model: 'espeak-ng', dtype: 'q8' };
const apology: ApologyConfig = { engine: 'apology' };
const WAIT_MS = 20_000;

/** 24 GB: Llama behind Ollama, distil-medium.en behind speaches, Kokoro behind Kokoro-FastAPI, each at its usual port. */
const cascade: Profile = {
  stages: {
    stt: upstream(8000, 'Systran/faster-distil-whisper-medium.en'),
    llm: [upstream(11_434, 'llama3.1:8b'), upstream(11_434, 'llama3.2:1b'), apology],
    tts: [upstream(8880, 'kokoro'), espeak],
  },
  limits: batching,
  processes: {},
  gpu: { waitMs: WAIT_MS },
};

/** @param command with spaces between its arguments, and none in them */
function localProcess(port: number, vramMb: number, command: string): ProcessConfig {
  return {
    command: `${command} --host 127.0.0.1 --port ${port}`.split(' '),
    env: {},
    healthUrl: `http://127.0.0.1:${port}/health`,
    // Tens of gigabytes come from a disk.
    startTimeoutMs: 600_000,
    vramMb,
    restart: 'on-demand',
  };
}

/** What stands where the file says nothing. */
export const profiles: Readonly<Record<ProfileName, Profile>> = {
  /** The starter models: nothing to download, nothing else to run. */
  cpu: {
    stages: {
      stt: { engine: 'whisper', model: 'starter/recogniser', dtype: 'q8' },
      llm: { engine: 'causal-lm', model: 'starter/chat', dtype: 'q8' },
      tts: espeak,
    },
    limits,
    processes: {},
    gpu: { waitMs: WAIT_MS },
  },
  l4: cascade,
  a10: cascade,
  /**
   * Voxtral behind vLLM, Mistral-Small-24B behind llama-server, Higgs behind vLLM-Omni, which this server starts itself:
   * all three live on 48 GB; on a smaller card (gpu.memoryMb) they take turns. vLLM takes the share of the card that it is
   * told, whatever its model needs.
   */
  'gpu-48gb': {
    stages: {
      stt: upstream(8000, 'mistralai/Voxtral-Mini-3B-2507', { process: 'voxtral' }),
      llm: [
        upstream(8080, 'mistral-small-24b-instruct', { process: 'mistral' }),
        upstream(11_434, 'llama3.2:1b'),
        apology,
      ],
      tts: [upstream(8091, 'bosonai/higgs-audio-v2-generation-3B-base', { process: 'higgs' }), espeak],
    },
    limits: batching,
    processes: {
      voxtral: localProcess(
        8000,
        9500,
        'vllm serve mistralai/Voxtral-Mini-3B-2507 --gpu-memory-utilization 0.19' +
          ' --tokenizer-mode mistral --config-format mistral --load-format mistral',
      ),
      mistral: localProcess(
        8080,
        14_300,
        'llama-server --model models/mistral-small-24b-instruct-q4_k_m.gguf' +
          ' --alias mistral-small-24b-instruct --n-gpu-layers 99 --jinja',
      ),
      higgs: localProcess(
        8091,
        24_000,
        'vllm serve bosonai/higgs-audio-v2-generation-3B-base --omni --gpu-memory-utilization 0.48',
      ),
    },
    gpu: { memoryMb: 48_000, waitMs: WAIT_MS },
  },
};
