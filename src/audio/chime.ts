import type { OpenAudio } from './audio-system.ts';

const NOTE_S = 0.18;

/**
 * Plays soft notes one after another, as a test of the loudspeaker or the ring of a timer.
 * @returns resolves when the last note has faded.
 */
export async function playChime({ context, output }: OpenAudio, notesHz: readonly number[]): Promise<void> {
  const startS = context.currentTime + 0.02;
  const ended = notesHz.map((frequency, n) => {
    const oscillator = new OscillatorNode(context, { frequency });
    const envelope = new GainNode(context, { gain: 0 });
    const noteS = startS + n * NOTE_S;
    envelope.gain.setValueAtTime(0, noteS);
    envelope.gain.linearRampToValueAtTime(0.2, noteS + 0.01);
    envelope.gain.exponentialRampToValueAtTime(0.001, noteS + 2 * NOTE_S);
    oscillator.connect(envelope).connect(output);
    oscillator.start(noteS);
    oscillator.stop(noteS + 2 * NOTE_S);
    return new Promise<void>((resolve) => oscillator.addEventListener('ended', () => resolve()));
  });
  await Promise.all(ended);
}
