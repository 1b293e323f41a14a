import type { AppShell, AppState } from '../state/app-shell.ts';
import type { Conversation } from '../state/conversation.ts';
import type { SettingsStore } from '../state/settings-store.ts';
import { createInstallPrompt } from './install-prompt.ts';
import { watchLaunches } from './launches.ts';
import { createMediaSession } from './media-session.ts';
import { createServiceWorkerClient } from './service-worker-client.ts';
import { createWakeLock } from './wake-lock.ts';

export interface RunningAppShell extends AppShell {
  /** Resolves when what models fetch will be kept for a start without network, or never will. */
  controlled: Promise<void>;
  /** From now on the device follows the conversation, and the conversation the app's launches. */
  follow(conversation: Conversation, settings: SettingsStore): void;
}

/** The page as an app, on the browser's own interfaces. */
export function createAppShell(): RunningAppShell {
  const listeners = new Set<() => void>();
  const installPrompt = createInstallPrompt(globalThis, update);
  const serviceWorker = createServiceWorkerClient({
    container: (navigator as Partial<Navigator>).serviceWorker,
    locks: (navigator as Partial<Navigator>).locks,
    build: document.querySelector<HTMLMetaElement>('meta[name="parley-build"]')?.content,
    reload: () => location.reload(),
    onChange: update,
  });
  let state: AppState = { installable: false, updateReady: false, sharedText: '' };

  function change(part: Partial<AppState>): void {
    state = { ...state, ...part };
    for (const listener of listeners) listener();
  }

  function update(): void {
    change({ installable: installPrompt.available(), updateReady: serviceWorker.updateReady() });
  }

  return {
    controlled: serviceWorker.controlled,
    get: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    install: installPrompt.show,
    applyUpdate: serviceWorker.applyUpdate,
    takeSharedText() {
      const { sharedText } = state;
      if (sharedText !== '') change({ sharedText: '' });
      return sharedText;
    },
    follow(conversation, settings) {
      const keepScreenOn = createWakeLock({
        wakeLock: (navigator as Partial<Navigator>).wakeLock,
        document,
      });
      const { mediaSession } = navigator as Partial<Navigator>;
      const showMedia =
        mediaSession && createMediaSession(mediaSession, conversation, () => settings.get().talkMode);
      conversation.subscribe(() => {
        keepScreenOn(conversation.run().state === 'on');
        showMedia?.();
      });
      watchLaunches({ location, history }, ({ talk, text }) => {
        if (text !== '') change({ sharedText: text });
        if (talk) void startWhereAllowed(conversation);
      });
    },
  };
}

/** An address may open the microphone only where the person has allowed it before, and while they see the page. */
async function startWhereAllowed(conversation: Conversation): Promise<void> {
  const { permissions } = navigator as Partial<Navigator>;
  // Some browsers do not know this question; there, Talk is a press away.
  const answer = await permissions?.query({ name: 'microphone' }).catch(() => undefined);
  const isOff = conversation.run().state === 'off';
  if (answer?.state === 'granted' && isOff && document.visibilityState === 'visible')
    await conversation.start();
}
