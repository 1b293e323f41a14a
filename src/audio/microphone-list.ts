import { AppError } from '../../core/errors.ts';

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
  /** Reads the list again: names and ids appear once access was granted. */
  refresh(): Promise<void>;
}

export function createMicrophoneList(): MicrophoneList {
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  const listeners = new Set<() => void>();
  let listed: readonly ListedMicrophone[] = [];

  async function refresh(): Promise<void> {
    const found = toMicrophones((await devices?.enumerateDevices()) ?? []);
    if (JSON.stringify(found) === JSON.stringify(listed)) return;
    listed = found;
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
    refresh,
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
 * Resolves when opening the microphone may work again: a device was plugged in or out, or its permission changed.
 * @throws AppError `aborted` when the signal fires first.
 */
export async function waitForMicrophone(signal: AbortSignal): Promise<void> {
  const changed = Promise.withResolvers<void>();
  const onChange = (): void => changed.resolve();
  const onAbort = (): void => changed.reject(new AppError('aborted', 'The work was cancelled.'));
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  devices?.addEventListener('devicechange', onChange);
  signal.addEventListener('abort', onAbort);
  if (signal.aborted) onAbort();
  // Firefox before 131 cannot be asked about the microphone; a device change is all there is to wait for.
  const permission = await navigator.permissions.query({ name: 'microphone' }).catch(() => undefined);
  permission?.addEventListener('change', onChange);
  try {
    await changed.promise;
  } finally {
    devices?.removeEventListener('devicechange', onChange);
    signal.removeEventListener('abort', onAbort);
    permission?.removeEventListener('change', onChange);
  }
}
