import { systemPrompt } from '../../core/chat/system-prompt.ts';
import { AppError, toAppError } from '../../core/errors.ts';
import type { Catalog } from '../../core/models/catalog.ts';
import { createSession } from '../../core/session/session.ts';
import type { Notice } from '../../core/session/view.ts';
import type { SpeechSource } from '../../core/stages/speech-source.ts';
import { longestSilenceMs } from '../../core/turn/patience.ts';
import { everydayTools } from '../../core/tools/everyday-tools.ts';
import { createTimers } from '../../core/tools/timers.ts';
import { createToolbox } from '../../core/tools/tool.ts';
import { createAudioSystem } from '../audio/audio-system.ts';
import { startCapture } from '../audio/capture.ts';
import { playChime } from '../audio/chime.ts';
import { createMicrophoneList, waitForMicrophone } from '../audio/microphone-list.ts';
import { openMicrophone } from '../audio/microphone.ts';
import { pageClock, pageNowMs } from '../audio/page-clock.ts';
import { createPlayer } from '../audio/player.ts';
import { createSpeechSource } from '../audio/speech-source.ts';
import type { LazyStore } from '../models/lazy-store.ts';
import { createPlacement } from '../placement/placement.ts';
import { createSpeedStore } from '../placement/speed-store.ts';
import { followStore } from '../placement/stored-models.ts';
import type { TierStore } from '../placement/tier-store.ts';
import type { Conversation, RunStatus, StageName } from '../state/conversation.ts';
import { degradation } from '../state/degradation.ts';
import type { ServerLink } from '../state/server.ts';
import type { SettingsStore } from '../state/settings-store.ts';
import { createAlarm } from './alarm.ts';
import { canRun } from './engine-threads.ts';
import { createConversationRun } from './conversation-run.ts';
import { createMicrophoneRecovery } from './microphone-recovery.ts';
import { createModelLoader } from './model-loader.ts';
import { createPageStages } from './page-stages.ts';
import { createPlacementView } from './placement-view.ts';
import { publishEcho, publishTrace } from './publish-trace.ts';

const TEST_NOTES_HZ = [523, 659, 784];

/** The session closes an utterance at its end; the segmenter does so only where the session did not. */
const SPARE_WAIT_MS = 1_500;

/** What the page brings beside its catalogue and its settings. */
export interface ConversationDeps {
  /** Resolves when what models fetch will be kept for later; they are not loaded before. */
  controlled: Promise<void>;
  tier: TierStore;
  store: LazyStore;
  /** Resolves with nothing where the page does not come from a server with models of its own. */
  server: Promise<ServerLink | undefined>;
}

/** The conversation of the page: session, stages in their threads, audio and timers, wired together. */
export function createConversation(
  catalog: Catalog,
  settings: SettingsStore,
  { controlled, tier, store, server }: ConversationDeps,
): Conversation {
  const listeners = new Set<() => void>();
  const levelListeners = new Set<(rms: number) => void>();
  const audio = createAudioSystem();
  const microphones = createMicrophoneList();
  const loader = createModelLoader((name, error) => {
    // Rules stand in: nothing that the person has to act on. The state line says so, and the models' dialog why.
    if (name !== 'turn') session.notify(inWords(name, error));
  });
  const placement = createPlacement({
    catalog,
    settings,
    tier,
    speeds: createSpeedStore(() => localStorage),
    canRun,
    stored: followStore(store),
    server,
  });
  const stages = createPageStages({
    placement,
    settings,
    loader,
    onFailure: (error) => session.notify(error),
  });
  const alarm = createAlarm(audio);
  let status: RunStatus = { state: 'off' };
  let silenced = false;
  let timeout: Notice | undefined;
  let { microphoneId } = settings.get();

  const onLevel = (rms: number): void => {
    for (const listener of levelListeners) listener(rms);
  };

  const source = createSpeechSource({
    audio,
    vad: stages.vad,
    choices: () => {
      const { microphoneId, listening } = settings.get();
      return {
        deviceId: microphoneId,
        listening: { ...listening, longestWaitMs: longestSilenceMs(listening.pace) + SPARE_WAIT_MS },
      };
    },
    onLevel,
    onOpen({ granted }) {
      microphones.setGranted(granted);
      run.microphoneOpened();
    },
    onEcho(echo) {
      microphones.setEcho(echo);
      publishEcho(echo);
    },
    onSilenced(value) {
      silenced = value;
      tell();
    },
  });

  const timers = createTimers({
    clock: pageClock,
    now: () => new Date(),
    onChange: () => {
      session.setTimers(timers.view());
      alarm(timers.view());
    },
    onRing: () => {},
  });

  const session = createSession(
    {
      clock: pageClock,
      source: reportingLoss(source),
      recognizer: stages.recognizer,
      responder: stages.responder,
      synthesizer: stages.synthesizer,
      turnDetector: stages.turnDetector,
      player: createPlayer(audio),
      toolbox: createToolbox(everydayTools, {
        now: () => new Date(),
        language: () => settings.get().language,
        timers,
      }),
      systemPrompt,
    },
    settings.get(),
  );

  const run = createConversationRun({
    session,
    async load(names, signal) {
      await Promise.all([stages.prepare(), controlled]);
      const { plan } = placement.get();
      tier.begin(Object.values(plan).some(({ chain }) => chain[0]?.place === 'webgpu'));
      await loader.load(names, signal);
    },
    openSound: audio.open,
    recovery: createMicrophoneRecovery({ nowMs: pageNowMs, waitForDevice: waitForMicrophone }),
    onChange: tell,
  });

  /** The status stays the same object until it changes. */
  function tell(): void {
    const state = run.state();
    const sounding = audio.state() === 'running';
    const degraded =
      state === 'on' ? degradation({ silenced, sounding, models: loader.status() }) : undefined;
    if (state !== status.state || degraded !== status.degraded)
      status = degraded === undefined ? { state } : { state, degraded };
    for (const listener of listeners) listener();
  }

  /** A plan that changes while somebody is answered waits for the end of the turn. */
  function followPlan(): void {
    const { phase } = session.view();
    if (phase === 'idle' || phase === 'listening') stages.betweenTurns();
  }

  /** Where a stage took too long, its thread may hang. */
  function lookAfterThreads(): void {
    const latest = session.view().notices.findLast(({ code }) => code === 'engine.timeout');
    if (latest !== undefined && latest !== timeout) stages.probe();
    timeout = latest;
  }

  function onSettings(): void {
    const before = microphoneId;
    ({ microphoneId } = settings.get());
    session.applySettings(settings.get());
    // An open microphone is opened anew by the session; for a lost one, another choice is the way back.
    if (microphoneId !== before && run.state() === 'reconnecting') run.retry();
  }

  function reportingLoss(inner: SpeechSource): SpeechSource {
    return {
      ...inner,
      async *events(signal) {
        try {
          yield* inner.events(signal);
        } catch (error) {
          // Once the session has heard of it and closed the microphone.
          if (!signal.aborted) setTimeout(() => signal.aborted || run.microphoneFailed(toAppError(error)));
          throw error;
        }
      },
    };
  }

  session.subscribe(tell);
  session.subscribe(lookAfterThreads);
  session.subscribe(followPlan);
  placement.subscribe(followPlan);
  session.onTrace(publishTrace);
  session.onTrace((trace) => {
    placement.learn(trace, stages.serving());
    tier.settle();
  });
  if (tier.lowered()) session.notify(crashed());
  loader.subscribe(tell);
  settings.subscribe(onSettings);
  audio.subscribe(tell);
  // A browser wakes sound only for a gesture.
  for (const gesture of ['pointerdown', 'keydown']) document.addEventListener(gesture, () => audio.resume());

  // A page that the person leaves or puts away may be ended by the system without having crashed.
  addEventListener('pagehide', tier.settle);
  document.addEventListener('visibilitychange', () => document.hidden && tier.settle());

  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    view: session.view,
    models: loader.status,
    run: () => status,
    start: run.start,
    end: run.end,
    retry: run.retry,
    setMuted: session.setMuted,
    stop: session.stop,
    submitText: run.submitText,
    setTalking: session.setHeld,
    dismissNotice: session.dismissNotice,
    dismissTimer: (id) => void timers.cancel({ id }),
    level: {
      subscribe(listener) {
        levelListeners.add(listener);
        return () => levelListeners.delete(listener);
      },
    },
    placement: createPlacementView(placement, stages, loader),
    microphones: {
      get: microphones.get,
      subscribe: microphones.subscribe,
      granted: microphones.granted,
      echo: microphones.echo,
      checkEcho: source.checkEcho,
      async test() {
        const opening = audio.open();
        // Awaited once the microphone is open; when that fails first, nobody is left to hear of this.
        opening.catch(() => {});
        const microphone = await openMicrophone(settings.get().microphoneId, new AbortController().signal);
        try {
          const stop = startCapture(await opening, { stream: microphone.stream, onLevel });
          microphones.setGranted(microphone.granted);
          return () => {
            stop();
            microphone.close();
          };
        } catch (error) {
          microphone.close();
          throw error;
        }
      },
    },
    async testSound() {
      await playChime(await audio.open(), TEST_NOTES_HZ);
    },
  };
}

function crashed(): AppError {
  const message =
    'Parley was stopped while it started last time, so it begins more carefully now. You can change that under What runs where.';
  return new AppError('page.crashed', message);
}

/** What is missing without the stage, where it is not clear from the error. */
function inWords(name: StageName, error: AppError): AppError {
  if (name !== 'tts') return error;
  const { code, message, retryable } = error;
  const options = { retryable, cause: error };
  return new AppError(code, `${message} Until then answers are shown as text.`, options);
}
