import type { Candidate, Place, StagePlan } from '../../../core/placement/plan.ts';
import type { CatalogModel } from '../../../core/models/catalog.ts';
import type { ConversationView } from '../../../core/session/view.ts';
import type {
  Conversation,
  EchoState,
  MicrophoneOption,
  ModelsStatus,
  PlacementView,
  RunStatus,
} from '../../../src/state/conversation.ts';

export interface Script {
  view: ConversationView;
  models: ModelsStatus;
  run: RunStatus;
}

/** A conversation that shows what it is told and writes down what the page asks of it. */
export interface ScriptedConversation extends Conversation {
  calls: unknown[][];
  show(script: { view?: Partial<ConversationView>; models?: ModelsStatus; run?: RunStatus }): void;
  setLevel(rms: number): void;
  /** Another engine serves the voice: that of a model, or eSpeak NG. */
  serveVoice(engine: 'kokoro' | 'supertonic' | undefined): void;
}

const espeak: Candidate = {
  key: 'espeak-ng',
  model: 'espeak-ng',
  name: 'eSpeak NG',
  place: 'wasm',
  parts: [],
  reason: 'It comes with the page.',
};

function modelVoice(engine: 'kokoro' | 'supertonic'): Candidate {
  const name = engine === 'kokoro' ? 'Kokoro 82M' : 'Supertonic 2';
  const variant = {
    device: 'wasm',
    dtype: 'q8',
    needs: { webgpu: false, shaderF16: false, memoryMb: null, threads: null },
    served: true,
    files: [],
  } as const;
  const model: CatalogModel = {
    id: `a/${engine}`,
    stages: ['tts'],
    name,
    engine,
    licence: 'Apache-2.0',
    languages: ['en'],
    prefers: 'wasm',
    quality: 'best',
    speed: 'fast',
    variants: [variant],
  };
  return { ...espeak, key: engine, model: model.id, name, parts: [{ model, variant }] };
}

/** A small plan, after a crash: what was chosen failed, and another model took over. */
function scriptedPlacement(): PlacementView {
  const candidate = (name: string, place: Place): Candidate => ({
    key: `${name} ${place}`,
    model: `a/${name}`,
    name,
    place,
    parts: [],
    reason: `${name} is good.`,
  });
  const stage = (...names: string[]): StagePlan => ({
    chain: names.map((name) => candidate(name, 'wasm')),
    passedOver: [],
  });
  const large = {
    ...candidate('Large', 'webgpu'),
    reason: 'It needs 16-bit shaders.',
    reasons: 1,
    possible: false,
  };
  return {
    plan: {
      vad: stage('Silero'),
      turn: stage('Rules'),
      stt: { ...stage('Small', 'Tiny'), passedOver: [large] },
      llm: stage('Chat'),
      tts: { chain: [espeak], passedOver: [] },
    },
    serving: { stt: 'Tiny wasm' },
    tier: 'no-gpu',
  };
}

export function createScriptedConversation(initial: Script): ScriptedConversation {
  const calls: unknown[][] = [];
  const listeners = new Set<() => void>();
  const levelListeners = new Set<(rms: number) => void>();
  const microphones: MicrophoneOption[] = [
    { id: 'built-in', name: 'Built-in microphone' },
    { id: 'headset', name: 'Headset' },
  ];
  const granted = { echoCancellation: 'all', noiseSuppression: true, autoGainControl: false };
  const echo: EchoState = { verdict: 'loopback', returnDb: -18.2, residualDb: -52.7, delayMs: 84 };
  let script = initial;
  const note =
    (name: string) =>
    (...args: unknown[]): void => {
      calls.push([name, ...args]);
    };
  let placement = scriptedPlacement();
  const placementListeners = new Set<() => void>();
  const noteLater = (name: string) => async (): Promise<void> => note(name)();

  return {
    calls,
    show({ view, ...rest }) {
      script = { ...script, ...rest, view: { ...script.view, ...view } };
      for (const listener of listeners) listener();
    },
    setLevel(rms) {
      for (const listener of levelListeners) listener(rms);
    },
    serveVoice(engine) {
      const tts = engine === undefined ? espeak : modelVoice(engine);
      placement = { ...placement, plan: { ...placement.plan, tts: { chain: [tts], passedOver: [] } } };
      for (const listener of placementListeners) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    view: () => script.view,
    models: () => script.models,
    run: () => script.run,
    start: noteLater('start'),
    retry: note('retry'),
    end: note('end'),
    setMuted: note('setMuted'),
    stop: note('stop'),
    submitText: note('submitText'),
    setTalking: note('setTalking'),
    dismissNotice: note('dismissNotice'),
    dismissTimer: note('dismissTimer'),
    level: {
      subscribe: (listener) => {
        levelListeners.add(listener);
        return () => levelListeners.delete(listener);
      },
    },
    microphones: {
      get: () => microphones,
      subscribe: () => () => undefined,
      granted: () => granted,
      echo: () => echo,
      checkEcho: note('checkEcho'),
      test: async () => {
        note('microphones.test')();
        return note('microphones.close');
      },
    },
    placement: {
      get: () => placement,
      subscribe: (listener) => {
        placementListeners.add(listener);
        return () => placementListeners.delete(listener);
      },
      startOver: note('placement.startOver'),
    },
    testSound: noteLater('testSound'),
  };
}
