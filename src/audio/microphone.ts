import { AppError, throwIfAborted } from '../../core/errors.ts';
import type { GrantedProcessing } from '../state/conversation.ts';
import { microphoneError } from './microphone-error.ts';

export interface Microphone {
  stream: MediaStream;
  /** As the person knows the device: "Headset (USB)". */
  name: string;
  granted: GrantedProcessing;
  /** Resolves when the device is gone: unplugged, or access withdrawn. Not after `close`. */
  lost: Promise<void>;
  /** Calls back now and at every change: whether the system or a switch on the device holds the sound back. */
  followSilenced(listener: (silenced: boolean) => void): void;
  setMuted(muted: boolean): void;
  close(): void;
}

/**
 * Wanted rather than demanded: a browser grants what it can. `all` (Chrome 141) also cancels our own Web Audio output;
 * where the value is unknown, WebIDL reads it as `true`. Noise suppression and gain control stay on: people talk from
 * across the room, and what the echo canceller leaves behind is taken for noise.
 */
const processing = {
  echoCancellation: { ideal: 'all' },
  noiseSuppression: { ideal: true },
  autoGainControl: { ideal: true },
  channelCount: { ideal: 1 },
} satisfies MediaTrackConstraints;

/**
 * Opens the microphone, asking the person where needed. A chosen device that is not connected gives way to the
 * system's default.
 * @param deviceId empty for the default
 * @throws AppError `mic.denied`, `mic.missing`, `mic.lost` (in use elsewhere), `mic.insecure`, `aborted`.
 */
export async function openMicrophone(deviceId: string, signal: AbortSignal): Promise<Microphone> {
  throwIfAborted(signal);
  const stream = await request(deviceId);
  const [track] = stream.getAudioTracks();
  if (track === undefined)
    throw new AppError('mic.missing', 'The microphone sends no sound. Choose another one.');
  const close = (): void => track.stop();
  if (signal.aborted) close();
  throwIfAborted(signal);
  const { echoCancellation, noiseSuppression, autoGainControl } = track.getSettings();
  return {
    stream,
    name: track.label,
    granted: {
      ...(echoCancellation !== undefined && { echoCancellation }),
      ...(noiseSuppression !== undefined && { noiseSuppression }),
      ...(autoGainControl !== undefined && { autoGainControl }),
    },
    lost: new Promise((resolve) => track.addEventListener('ended', () => resolve())),
    followSilenced(listener) {
      listener(track.muted);
      track.addEventListener('mute', () => listener(true));
      track.addEventListener('unmute', () => listener(false));
    },
    setMuted(muted) {
      track.enabled = !muted;
    },
    close,
  };
}

async function request(deviceId: string): Promise<MediaStream> {
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (devices === undefined) throw microphoneError(new Error('no mediaDevices'), globalThis.isSecureContext);
  try {
    if (deviceId === '') return await devices.getUserMedia({ audio: processing });
    const chosen = { ...processing, deviceId: { exact: deviceId } };
    return await devices.getUserMedia({ audio: chosen }).catch((error: unknown) => {
      const gone = ['OverconstrainedError', 'NotFoundError'].includes((error as Error).name);
      if (!gone) throw error;
      return devices.getUserMedia({ audio: processing });
    });
  } catch (error) {
    throw microphoneError(error, globalThis.isSecureContext);
  }
}
