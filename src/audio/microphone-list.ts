import { AppError } from '../../core/errors.ts';
import type { EchoState, GrantedProcessing } from '../state/conversation.ts';

export interface ListedMicrophone {
  id: string;
  /** Its place in the list while the browser keeps names back: "Microphone 2". */
  name: string;
}

/** The microphones that are connected, followed as they come and go. */
export interface MicrophoneList {
  get(): readonly ListedMicrophone[];
  /** Called after each change. @returns the function that ends the subscription. */
  subscribe(listener: () => void): () => void;
  /** What the browser granted when a microphone was opened last. */
  granted(): GrantedProcessing | undefined;
  /** A microphone was opened. The list is read again: names and ids appear once access was granted. */
  setGranted(processing: GrantedProcessing): void;
  /** What is known of the echo in the microphone that is or was open last. */
  echo(): EchoState | undefined;
  setEcho(echo: EchoState | undefined): void;
}

export function createMicrophoneList(): MicrophoneList {
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  const listeners = new Set<() => void>();
  let listed: readonly ListedMicrophone[] = [];
  let granted: GrantedProcessing | undefined;
  let echo: EchoState | undefined;

  async function refresh(): Promise<void> {
    const connected = await devices?.enumerateDevices().catch(() => undefined);
    if (connected === undefined) return;
    const found = toMicrophones(connected);
    if (JSON.stringify(found) === JSON.stringify(listed)) return;
    listed = found;
    tell();
  }

  function tell(): void {
    for (const listener of listeners) listener();
  }

  devices?.addEventListener('devicechange', () => void refresh());
  void refresh();
  return {
    get: () => listed,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    granted: () => granted,
    setGranted(processing) {
      granted = processing;
      tell();
      void refresh();
    },
    echo: () => echo,
    setEcho(next) {
      echo = next;
      tell();
    },
  };
}

/** Chrome lists the default device twice, once under this name and once under its own. */
const aliases = ['default', 'communications'];

function toMicrophones(devices: readonly MediaDeviceInfo[]): ListedMicrophone[] {
  return devices
    .filter(({ kind, deviceId }) => kind === 'audioinput' && deviceId !== '' && !aliases.includes(deviceId))
    .map(({ deviceId, label }, place) => ({ id: deviceId, name: label || `Microphone ${place + 1}` }));
}

/**
 * Resolves when opening the microphone may work: one is connected and its permission is not denied. Looks again whenever
 * devices or permission change.
 * @param atOnce whether to look now as well, before anything changes
 * @throws AppError `aborted` when the signal fires first.
 */
export async function waitForMicrophone(signal: AbortSignal, atOnce: boolean): Promise<void> {
  const found = Promise.withResolvers<void>();
  const ended = new AbortController();
  const options = { signal: ended.signal };
  const onAbort = (): void => found.reject(new AppError('aborted', 'The work was cancelled.'));
  signal.addEventListener('abort', onAbort, options);
  if (signal.aborted) onAbort();
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  const permissions = navigator.permissions as Permissions | undefined;
  // Firefox before 131 cannot be asked about the microphone; a device change is all there is to wait for.
  const permission = await permissions?.query({ name: 'microphone' }).catch(() => undefined);

  async function look(): Promise<void> {
    if (permission?.state === 'denied') return;
    const connected = await devices?.enumerateDevices().catch(() => []);
    if (connected?.some(({ kind }) => kind === 'audioinput')) found.resolve();
  }

  devices?.addEventListener('devicechange', () => void look(), options);
  permission?.addEventListener('change', () => void look(), options);
  if (atOnce) void look();
  try {
    await found.promise;
  } finally {
    ended.abort();
  }
}
