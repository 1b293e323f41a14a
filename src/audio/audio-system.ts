import { AppError } from '../../core/errors.ts';
// Vite bundles each worklet with its imports and gives its address.
// oxlint-disable-next-line import/default
import captureUrl from './capture.worklet.ts?worker&url';
// oxlint-disable-next-line import/default
import playbackUrl from './playback.worklet.ts?worker&url';
import { createContextClock, type ContextClock } from './context-clock.ts';
import { insecurePage } from './microphone-error.ts';

export interface OpenAudio {
  context: AudioContext;
  /** All that the page plays goes through here: what the microphone may hear again. */
  output: GainNode;
  clock: ContextClock;
}

/** `suspended` wants a gesture of the person; `interrupted` is a phone call or another app (iOS). */
export type AudioState = 'closed' | 'running' | 'suspended' | 'interrupted';

/** The page's one AudioContext, made at the first use. */
export interface AudioSystem {
  /**
   * Makes the context and loads the worklets, once; wakes a sleeping context. Call it from a gesture of the person.
   * @throws AppError `engine.failed` when the browser cannot run the worklets, `mic.insecure` over plain http.
   */
  open(): Promise<OpenAudio>;
  state(): AudioState;
  /** Called after each change of `state`. @returns the function that ends the subscription. */
  subscribe(listener: () => void): () => void;
  /** Wakes the context; to be called from a gesture of the person. */
  resume(): void;
}

export function createAudioSystem(): AudioSystem {
  const listeners = new Set<() => void>();
  let context: AudioContext | undefined;
  let opened: Promise<OpenAudio> | undefined;

  function tell(): void {
    for (const listener of listeners) listener();
  }

  function resume(): void {
    if (context === undefined || context.state === 'closed') return;
    // Without a gesture the promise stays open and `state` keeps saying so: nothing to wait for.
    void context.resume().catch(tell);
  }

  function onVisible(): void {
    if (document.visibilityState === 'visible' && context?.state !== 'running') resume();
  }

  async function start(created: AudioContext): Promise<OpenAudio> {
    try {
      await Promise.all([captureUrl, playbackUrl].map((url) => created.audioWorklet.addModule(url)));
    } catch (error) {
      opened = undefined;
      await created.close();
      if (!globalThis.isSecureContext) throw insecurePage(error);
      const message =
        'This browser could not start its sound engine. Reload the page, or update the browser.';
      throw new AppError('engine.failed', message, { cause: error });
    }
    const output = new GainNode(created);
    output.connect(created.destination);
    return { context: created, output, clock: createContextClock(created) };
  }

  document.addEventListener('visibilitychange', onVisible);

  return {
    open() {
      if (opened === undefined) {
        context = new AudioContext({ latencyHint: 'interactive' });
        context.addEventListener('statechange', tell);
        opened = start(context);
      }
      resume();
      return opened;
    },
    state: () => context?.state ?? 'closed',
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    resume,
  };
}
