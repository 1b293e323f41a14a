import type { ConversationView, ViewMessage } from '../../../core/session/view.ts';
import type { AppState } from '../../../src/state/app-shell.ts';
import type { Settings } from '../../../core/settings/settings.ts';
import type { ModelsStatus, RunStatus, StageStatus } from '../../../src/state/conversation.ts';
import type { DownloadStatus } from '../../../src/state/model-store.ts';

export interface Scenario {
  app?: Partial<AppState>;
  view?: Partial<ConversationView>;
  models?: ModelsStatus;
  run?: RunStatus;
  settings?: Partial<Settings>;
  /** States of the downloads, in the order of the scripted store's models. */
  downloads?: readonly Partial<DownloadStatus>[];
  /** Level of the microphone, as if someone spoke. */
  speaks?: boolean;
}

const stages: StageStatus[] = [
  {
    stage: 'vad',
    info: { model: 'Silero v6', id: 'silero/v6', runtime: 'onnxruntime-web', device: 'wasm' },
    state: 'waiting',
    loadedBytes: 0,
    totalBytes: 2_300_000,
  },
  {
    stage: 'stt',
    info: {
      model: 'Whisper (starter)',
      id: 'starter/recogniser',
      runtime: 'transformers.js',
      device: 'wasm',
    },
    state: 'waiting',
    loadedBytes: 0,
    totalBytes: 6_100_000,
  },
  {
    stage: 'llm',
    info: { model: 'Llama (starter)', id: 'starter/chat', runtime: 'transformers.js', device: 'wasm' },
    state: 'waiting',
    loadedBytes: 0,
    totalBytes: 11_800_000,
  },
  {
    stage: 'tts',
    info: { model: 'eSpeak NG', id: 'espeak-ng', runtime: 'eSpeak NG', device: 'wasm' },
    state: 'waiting',
    loadedBytes: 0,
    totalBytes: 8_400_000,
  },
];

const notLoaded: ModelsStatus = { stages, ready: false };
const ready: ModelsStatus = {
  stages: stages.map((stage) => ({ ...stage, state: 'ready', loadedBytes: stage.totalBytes })),
  ready: true,
};
const loading: ModelsStatus = {
  stages: stages.map((stage, index) =>
    index === 0
      ? { ...stage, state: 'ready', loadedBytes: stage.totalBytes }
      : {
          ...stage,
          state: 'loading',
          loadedBytes: Math.round(stage.totalBytes * (0.75 - index * 0.15)),
          file: 'onnx/decoder_model_merged_quantized.onnx',
        },
  ),
  ready: false,
};
const broken: ModelsStatus = {
  stages: stages.map((stage) =>
    stage.stage === 'llm'
      ? {
          ...stage,
          state: 'failed',
          file: 'onnx/model_quantized.onnx',
          error:
            'The file onnx/model_quantized.onnx is damaged. Reload the page, or install the models again.',
        }
      : { ...stage, state: 'ready', loadedBytes: stage.totalBytes },
  ),
  ready: false,
};

const spoken: ViewMessage[] = [
  { id: 'u1', role: 'user', text: 'My name is Ada.', state: 'final' },
  { id: 'a1', role: 'assistant', text: 'Nice to meet you, Ada. What can I do for you?', state: 'final' },
  { id: 'u2', role: 'user', text: 'What is twelve times seven?', state: 'final' },
  {
    id: 'a2',
    role: 'assistant',
    text: 'Twelve times seven is eighty-four.',
    state: 'final',
    tools: ['calculate'],
  },
];
const asked: ViewMessage = { id: 'u3', role: 'user', text: 'Tell me about the weather', state: 'final' };
const answer = 'I cannot look outside from here. A window will know better than I do, and so will a coat.';
const trace = {
  turn: 3,
  speechEndMs: 1000,
  pauseMs: 1200,
  endpointMs: 1600,
  transcriptMs: 1730,
  firstTokenMs: 1850,
  firstClauseMs: 1910,
  firstChunkMs: 1960,
  firstAudibleMs: 2010,
};
const on: RunStatus = { state: 'on' };
const talking = { models: ready, run: on };

export const scenarios = {
  idle: {},
  installable: { app: { installable: true } },
  update: { app: { updateReady: true } },
  'update-talking': { ...talking, app: { updateReady: true }, view: { phase: 'listening' } },
  'update-typing': { app: { updateReady: true }, view: { phase: 'thinking', messages: [asked] } },
  loading: { models: loading, run: { state: 'starting' } },
  ready: { ...talking, settings: { talkMode: 'hold' } },
  listening: { ...talking, view: { phase: 'listening', messages: spoken, trace } },
  'listening-first': { ...talking, view: { phase: 'listening' } },
  hearing: {
    ...talking,
    speaks: true,
    view: {
      phase: 'hearing',
      messages: [...spoken, { ...asked, text: 'Tell me about', state: 'partial' }],
      trace,
    },
  },
  deciding: {
    ...talking,
    view: { phase: 'deciding', messages: [...spoken, { ...asked, state: 'partial' }], trace },
  },
  thinking: { ...talking, view: { phase: 'thinking', messages: [...spoken, asked], trace } },
  speaking: {
    ...talking,
    view: {
      phase: 'speaking',
      trace,
      messages: [
        ...spoken,
        asked,
        {
          id: 'a3',
          role: 'assistant',
          text: answer,
          heard: 'I cannot look outside from here.',
          state: 'partial',
        },
      ],
    },
  },
  interrupted: {
    ...talking,
    view: {
      phase: 'listening',
      trace,
      messages: [
        ...spoken,
        asked,
        {
          id: 'a3',
          role: 'assistant',
          text: answer,
          heard: 'I cannot look outside from here. A window',
          state: 'interrupted',
        },
      ],
    },
  },
  muted: { ...talking, view: { phase: 'listening', muted: true, messages: spoken, trace } },
  reconnecting: { models: ready, run: { state: 'reconnecting' }, view: { messages: spoken, trace } },
  degraded: {
    models: ready,
    run: { state: 'on', degraded: 'the voice is not available, replies are shown only.' },
    view: { phase: 'listening', messages: spoken, trace },
  },
  failed: {
    models: broken,
    run: { state: 'failed' },
    view: {
      notices: [
        {
          code: 'model.corrupt',
          message:
            'The file onnx/model_quantized.onnx is damaged. Reload the page, or install the models again.',
        },
      ],
    },
  },
  denied: {
    models: ready,
    run: { state: 'failed' },
    view: {
      messages: spoken,
      notices: [
        {
          code: 'mic.denied',
          message: 'The microphone was refused. Allow it for this page to talk, or type.',
        },
      ],
    },
  },
  timers: {
    ...talking,
    view: {
      phase: 'listening',
      messages: spoken,
      timers: [
        { id: 1, label: 'Tea', endsAt: Date.now() + 272_000, ringing: false },
        { id: 2, endsAt: Date.now() + 3_725_000, ringing: false },
      ],
    },
  },
  ringing: {
    ...talking,
    view: {
      phase: 'listening',
      messages: spoken,
      timers: [{ id: 1, label: 'Tea', endsAt: Date.now(), ringing: true }],
    },
  },
  downloads: {
    ...talking,
    downloads: [
      { state: 'stored', presentBytes: 41_000_000 },
      { state: 'absent' },
      { state: 'downloading', presentBytes: 412_000_000, bytesPerSecond: 6_300_000 },
      { state: 'paused', presentBytes: 120_000_000 },
      {
        state: 'failed',
        presentBytes: 33_000_000,
        error:
          'models.example.org does not answer. Check the network, then resume: what came so far is kept.',
      },
      { state: 'lost' },
    ],
  },
  markup: {
    ...talking,
    view: {
      phase: 'listening',
      messages: [
        { id: 'u1', role: 'user', text: '<img src=x onerror="document.title=1"><b>bold</b>', state: 'final' },
        { id: 'a1', role: 'assistant', text: '<script>document.title = 2</script> & done', state: 'final' },
        { id: 'a2', role: 'assistant', text: 'unbroken'.repeat(60), state: 'final' },
      ],
    },
  },
} satisfies Record<string, Scenario>;

export const beginning = {
  view: {
    phase: 'idle',
    muted: false,
    ducked: false,
    messages: [],
    notices: [],
    ahead: { started: 0, kept: 0, wasted: 0, savedMs: 0 },
    timers: [],
  } as ConversationView,
  models: notLoaded,
  run: { state: 'off' } as RunStatus,
};
