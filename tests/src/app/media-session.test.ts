import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createMediaSession } from '../../../src/app/media-session.ts';
import type { RunStatus } from '../../../src/state/conversation.ts';

vi.stubGlobal(
  'MediaMetadata',
  class {
    title: string;
    constructor({ title }: { title: string }) {
      this.title = title;
    }
  },
);

function createDevice() {
  const handlers = new Map<string, () => void>();
  let told = 0;
  const session = {
    metadata: null as MediaMetadata | null,
    playbackState: 'none' as MediaSessionPlaybackState,
    microphone: false,
    setActionHandler(action: string, handler: (() => void) | null) {
      if (action === 'hangup') throw new TypeError('unknown action');
      if (handler) handlers.set(action, handler);
      else handlers.delete(action);
    },
    async setMicrophoneActive(active: boolean) {
      session.microphone = active;
      told += 1;
      throw new DOMException('not allowed', 'NotAllowedError');
    },
  };
  return { session, handlers, told: () => told, press: (action: string) => handlers.get(action)?.() };
}

function createTalk(talkMode: 'open' | 'hold' = 'open') {
  const device = createDevice();
  const calls: unknown[][] = [];
  let state: RunStatus['state'] = 'off';
  let muted = false;
  const conversation = {
    view: () => ({ muted }) as never,
    run: () => ({ state }),
    setMuted: (next: boolean) => calls.push(['setMuted', next]),
    stop: () => calls.push(['stop']),
    end: () => calls.push(['end']),
  };
  const changed = createMediaSession(device.session, conversation, () => talkMode);
  return {
    ...device,
    calls,
    show(next: RunStatus['state'], isMuted = false) {
      state = next;
      muted = isMuted;
      changed();
    },
  };
}

let talk: ReturnType<typeof createTalk>;
beforeEach(() => {
  talk = createTalk();
});

describe('[PWA-8] what the device shows', () => {
  it('is nothing before and after a conversation', () => {
    talk.show('starting');
    expect(talk.session).toMatchObject({ metadata: null, playbackState: 'none' });
    talk.show('on');
    talk.show('off');
    expect(talk.session).toMatchObject({ metadata: null, playbackState: 'none', microphone: false });
    expect(talk.handlers.size).toBe(0);
  });

  it('is Parley, playing or, when muted, paused', () => {
    talk.show('on');
    expect(talk.session).toMatchObject({
      metadata: { title: 'Parley' },
      playbackState: 'playing',
      microphone: true,
    });
    talk.show('on', true);
    expect(talk.session).toMatchObject({ playbackState: 'paused', microphone: false });
    talk.show('reconnecting');
    expect(talk.session.playbackState).toBe('playing');
  });

  it('is told to the device when it changes, not with every word', () => {
    talk.show('on');
    talk.show('on');
    talk.show('reconnecting');
    expect(talk.told()).toBe(1);
  });
});

describe('[PWA-8] the keys of the device', () => {
  it('mute, unmute and stop', () => {
    talk.show('on');
    for (const key of ['pause', 'play', 'stop', 'togglemicrophone']) talk.press(key);
    expect(talk.calls).toEqual([['setMuted', true], ['setMuted', false], ['stop'], ['setMuted', true]]);
  });

  it('stop the reply with push-to-talk, where nothing is to be muted', () => {
    talk = createTalk('hold');
    talk.show('on');
    for (const key of ['pause', 'play']) talk.press(key);
    expect(talk.calls).toEqual([['stop']]);
  });
});
