import type { ViewTimer } from '../../core/session/view.ts';
import type { AudioSystem } from '../audio/audio-system.ts';
import { playChime } from '../audio/chime.ts';

const NOTES_HZ = [880, 1175, 880, 1175];
const REPEAT_MS = 2_000;
/** An alarm that nobody hears stops by itself; its dialog stays. */
const MAX_RINGS = 60;

/** Rings while a timer rings. Give it the timers after each change. */
export function createAlarm(audio: AudioSystem): (timers: readonly ViewTimer[]) => void {
  let repeating: ReturnType<typeof setInterval> | undefined;
  let rings = 0;

  function ring(): void {
    rings += 1;
    if (rings > MAX_RINGS) clearInterval(repeating);
    // Without sound the dialog is what is left; there is nobody else to tell.
    else
      void audio
        .open()
        // In a sleeping context the notes would pile up and sound together when it wakes.
        .then((opened) => (opened.context.state === 'running' ? playChime(opened, NOTES_HZ) : undefined))
        .catch(() => {});
  }

  return (timers) => {
    const ringing = timers.some((timer) => timer.ringing);
    if (ringing === (repeating !== undefined)) return;
    clearInterval(repeating);
    repeating = undefined;
    rings = 0;
    if (!ringing) return;
    ring();
    repeating = setInterval(ring, REPEAT_MS);
  };
}
