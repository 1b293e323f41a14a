import type { FileProgress } from '../../workers/models/host-api.ts';

/** What the tabs of Parley tell each other of their models. */
export type TabMessage =
  | { type: 'files'; files: FileProgress[] }
  | { type: 'began'; id: string }
  /** Whoever fetches it shall stop. */
  | { type: 'pause'; id: string }
  /** Something was deleted or lost: look again. */
  | { type: 'changed' };

export interface TabChannel {
  post(message: TabMessage): void;
  onMessage(listener: (message: TabMessage) => void): void;
}

export function createTabChannel(): TabChannel {
  const channel = new BroadcastChannel('parley.models');
  return {
    post: (message) => channel.postMessage(message),
    onMessage(listener) {
      channel.addEventListener('message', (event: MessageEvent<TabMessage>) => listener(event.data));
    },
  };
}
