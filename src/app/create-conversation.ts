import { systemPrompt } from '../../core/chat/system-prompt.ts';
import { toAppError } from '../../core/errors.ts';
import type { AppError } from '../../core/errors.ts';
import type { Catalog } from '../../core/models/catalog.ts';
import { createSession } from '../../core/session/session.ts';
import { voiceChoices } from '../../core/settings/voices.ts';
import type { SpeechSource } from '../../core/stages/speech-source.ts';
import { everydayTools } from '../../core/tools/everyday-tools.ts';
import { createTimers } from '../../core/tools/timers.ts';
import { createToolbox } from '../../core/tools/tool.ts';
import { createAudioSystem } from '../audio/audio-system.ts';
import { startCapture } from '../audio/capture.ts';
import { playChime } from '../audio/chime.ts';
import { createMicrophoneList, waitForMicrophone } from '../audio/microphone-list.ts';
import { openMicrophone } from '../audio/microphone.ts';
import { pageClock } from '../audio/page-clock.ts';
import { createPlayer } from '../audio/player.ts';
import { createSpeechSource } from '../audio/speech-source.ts';
import type { Conversation, RunStatus } from '../state/conversation.ts';
import type { SettingsStore } from '../state/settings-store.ts';
import { createAlarm } from './alarm.ts';
import { publishTrace } from './publish-trace.ts';
import { createModelLoader } from './model-loader.ts';
import { createPageStages } from './page-stages.ts';

const TEST_NOTES_HZ = [523, 659, 784];

/** The session closes an utterance at its endpoint; the segmenter does so only where the session did not. */
const SPARE_WAIT_MS = 1_500;

/** The conversation of the page: session, stages in their threads, audio and timers, wired together. */
export function createConversation(catalog: Catalog, settings: SettingsStore): Conversation {
  const listeners = new Set<() => void>();
  const levelListeners = new Set<(rms: number) => void>();
  const audio = createAudioSystem();
  const microphones = createMicrophoneList();
  const loader = createModelLoader((error) => session.notify(error));
  const stages = createPageStages({ catalog, settings, loader });
  const alarm = createAlarm(audio);
  let run: RunStatus = { state: 'off' };
  /** Ends waiting for a lost microphone. */
  let recovery: AbortController | undefined;

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
        listening: { ...listening, longestWaitMs: listening.endpointMs + SPARE_WAIT_MS },
      };
    },
    onLevel,
    onOpen: () => void microphones.refresh(),
    onSilenced,
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

  function tell(): void {
    for (const listener of listeners) listener();
  }

  function setRun(next: RunStatus): void {
    run = next;
    tell();
  }

  function setDegraded(degraded: string | undefined): void {
    const { state } = run;
    setRun(degraded === undefined ? { state } : { state, degraded });
  }

  function onSilenced(silenced: boolean): void {
    const message = 'The system holds the microphone back: unmute it on the device or in its settings.';
    setDegraded(silenced ? message : undefined);
  }

  /** The session closes the microphone when it fails; this brings it back where that is possible. */
  function reportingLoss(inner: SpeechSource): SpeechSource {
    return {
      ...inner,
      async *events(signal) {
        try {
          yield* inner.events(signal);
        } catch (error) {
          if (!signal.aborted) queueMicrotask(() => recover(toAppError(error)));
          throw error;
        }
      },
    };
  }

  function recover(error: AppError): void {
    if (error.code !== 'mic.lost' && error.code !== 'worker.died') return setRun({ state: 'failed' });
    recovery?.abort();
    const waiting = new AbortController();
    recovery = waiting;
    setRun({ state: 'reconnecting' });
    const back = error.code === 'mic.lost' ? waitForMicrophone(waiting.signal) : loader.load();
    back.then(
      () => {
        if (!waiting.signal.aborted) void start();
      },
      (failure: unknown) => {
        if (waiting.signal.aborted) return;
        session.notify(toAppError(failure));
        setRun({ state: 'failed' });
      },
    );
  }

  async function loadModels(): Promise<boolean> {
    try {
      await stages.prepare();
      await loader.load();
      return true;
    } catch (error) {
      session.notify(toAppError(error));
      return false;
    }
  }

  async function start(): Promise<void> {
    recovery?.abort();
    setRun({ state: 'starting' });
    // Within the gesture of the person, so that the browser lets sound out.
    const sound = audio.open().catch((error: unknown) => session.notify(toAppError(error)));
    if (!(await loadModels())) return setRun({ state: 'failed' });
    await sound;
    if (run.state !== 'starting') return;
    setRun({ state: 'on' });
    session.start();
  }

  session.subscribe(tell);
  session.onTrace(publishTrace);
  loader.subscribe(tell);
  settings.subscribe(() => session.applySettings(settings.get()));
  audio.subscribe(() => {
    const asleep = run.state === 'on' && audio.state() !== 'running';
    setDegraded(asleep ? 'The browser has paused the sound. Press anywhere to go on.' : undefined);
  });
  // A browser wakes sound only for a gesture.
  document.addEventListener('pointerdown', () => audio.resume());

  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    view: session.view,
    models: loader.status,
    run: () => run,
    start,
    end() {
      recovery?.abort();
      session.end();
      setRun({ state: 'off' });
    },
    setMuted: session.setMuted,
    stop: session.stop,
    submitText(text) {
      void audio.open().catch((error: unknown) => session.notify(toAppError(error)));
      if (loader.status().ready) return session.submitText(text);
      void loadModels().then((loaded) => {
        if (loaded) session.submitText(text);
      });
    },
    setTalking: session.setHeld,
    dismissNotice: session.dismissNotice,
    dismissTimer: (id) => void timers.cancel({ id }),
    level: {
      subscribe(listener) {
        levelListeners.add(listener);
        return () => levelListeners.delete(listener);
      },
    },
    microphones: {
      get: microphones.get,
      subscribe: microphones.subscribe,
      async test() {
        const opening = audio.open();
        const microphone = await openMicrophone(settings.get().microphoneId, new AbortController().signal);
        const stop = startCapture(await opening, { stream: microphone.stream, onLevel });
        void microphones.refresh();
        return () => {
          stop();
          microphone.close();
        };
      },
    },
    voices: voiceChoices,
    async testSound() {
      const { context } = await audio.open();
      await playChime(context, TEST_NOTES_HZ);
    },
  };
}
