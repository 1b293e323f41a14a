import type { Conversation } from '../state/conversation.ts';

/** Younger than TypeScript's own description of the page, or unknown to some browsers, which throw then. */
type Action = MediaSessionAction | 'togglemicrophone' | 'hangup';
interface Session {
  metadata: MediaMetadata | null;
  playbackState: MediaSessionPlaybackState;
  setActionHandler(action: Action, handler: (() => void) | null): void;
  /** Chromium 156 answers nothing, the standard by now a promise. */
  setMicrophoneActive?(active: boolean): unknown;
}

type Followed = Pick<Conversation, 'view' | 'run' | 'setMuted' | 'stop' | 'end'>;

/**
 * Shows the conversation where a device shows what is playing, and obeys its keys: pause mutes, play unmutes, stop ends
 * the reply, hanging up ends the conversation. With push-to-talk there is nothing to mute, and pause ends the reply.
 *
 * @returns to be called after each change of the conversation
 */
export function createMediaSession(
  session: Session,
  conversation: Followed,
  talkMode: () => 'open' | 'hold',
): () => void {
  let shown: MediaSessionPlaybackState = 'none';

  const setMuted = (muted: boolean): void => {
    if (talkMode() === 'open') conversation.setMuted(muted);
    else if (muted) conversation.stop();
  };
  const handlers: Record<string, () => void> = {
    play: () => setMuted(false),
    pause: () => setMuted(true),
    stop: () => conversation.stop(),
    hangup: () => conversation.end(),
    togglemicrophone: () => setMuted(!conversation.view().muted),
  };

  function listen(on: boolean): void {
    for (const [action, handler] of Object.entries(handlers)) {
      try {
        session.setActionHandler(action as Action, on ? handler : null);
      } catch {
        // A key that this browser does not know.
      }
    }
    session.metadata = on
      ? new MediaMetadata({
          title: 'Parley',
          artist: 'Conversation',
          artwork: [{ src: '/icons/icon-512.png', sizes: '512x512', type: 'image/png' }],
        })
      : null;
  }

  return () => {
    const { state } = conversation.run();
    const on = state === 'on' || state === 'reconnecting';
    const next = !on ? 'none' : conversation.view().muted ? 'paused' : 'playing';
    if (next === shown) return;
    if (next === 'none' || shown === 'none') listen(on);
    shown = next;
    session.playbackState = next;
    Promise.resolve(session.setMicrophoneActive?.(next === 'playing')).catch(() => {});
  };
}
