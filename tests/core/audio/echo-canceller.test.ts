import { beforeEach, describe, expect, it } from 'vitest';
import { createEchoCanceller } from '../../../core/audio/echo-canceller.ts';
import type { EchoCanceller } from '../../../core/audio/echo-canceller.ts';
import { FRAME_SAMPLES } from '../../../core/audio/pcm.ts';
import {
  byFrames,
  dB,
  energy,
  mix,
  roomResponse,
  sentences,
  throughRoom,
} from '../../support/simulated-room.ts';

/** One voice, as the assistant has. */
const voice = sentences('calculate-times', 'calculate-percent', 'music', 'timer-cancel', 'time');
const endS = voice.length / 16_000;
const person = sentences('name-ask');

/** By how much the canceller lowers the microphone between two times, in dB. */
function lowered(heard: Float32Array, cleaned: Float32Array, fromS: number, toS = endS): number {
  return dB(energy(heard, fromS, toS) / (energy(cleaned, fromS, toS) + 1e-9));
}

/** How far what differs from the person alone lies below the person, in dB. */
function clarity(cleaned: Float32Array, alone: Float32Array, fromS: number): number {
  const toS = fromS + person.length / 16_000;
  const difference = cleaned.map((sample, n) => sample - alone[n]!);
  return dB(energy(alone, fromS, toS) / energy(difference, fromS, toS));
}

describe('echo canceller', () => {
  let canceller: EchoCanceller;
  const clean = (heard: Float32Array, played: Float32Array | undefined = voice): Float32Array =>
    byFrames(heard, played, canceller.cancel);

  beforeEach(() => {
    canceller = createEchoCanceller();
  });

  it.each([
    [20, -6],
    [80, -6],
    [200, -12],
    [300, -20],
  ])(
    '[ECHO-1] learns a room with %i ms of delay and an echo of %i dB while the voice speaks',
    (ms, gainDb) => {
      const heard = throughRoom(voice, roomResponse(ms, gainDb));
      const cleaned = clean(heard);
      expect(lowered(heard, cleaned, 0, 1)).toBeGreaterThan(10);
      expect(lowered(heard, cleaned, 4)).toBeGreaterThan(25);
    },
  );

  it('[ECHO-1] takes a measured room out from the first frame on', () => {
    const response = roomResponse(80, -6);
    const heard = throughRoom(voice, response);
    canceller.seed(response, 0.001);
    expect(lowered(heard, clean(heard), 0, 1)).toBeGreaterThan(25);
  });

  it('[ECHO-2] lets a person through who talks over the voice, and has not unlearned the room afterwards', () => {
    const response = roomResponse(80, -6);
    canceller.seed(response, 0.001);
    const nobody = new Float32Array(voice.length);
    const heard = mix(throughRoom(voice, response), person, 3);
    const cleaned = clean(heard);
    expect(clarity(cleaned, mix(nobody, person, 3), 3)).toBeGreaterThan(12);
    const afterS = 3 + person.length / 16_000;
    expect(lowered(heard, cleaned, afterS + 0.5)).toBeGreaterThan(25);
  });

  it('[ECHO-2] lets a person through where the microphone hears nothing of the voice', () => {
    const alone = mix(new Float32Array(voice.length), person, 3);
    expect(clarity(clean(alone), alone, 3)).toBeGreaterThan(10);
  });

  it('[ECHO-1] follows an echo that slips by 10 ms, without letting it through', () => {
    const [early, late] = [80, 90].map((ms) => throughRoom(voice, roomResponse(ms, -6)));
    const heard = Float32Array.from(voice, (_, n) => (n < 5 * 16_000 ? early![n]! : late![n]!));
    canceller.seed(roomResponse(80, -6), 0.001);
    expect(lowered(heard, clean(heard), 5, 6)).toBeGreaterThan(15);
  });

  it('[ECHO-1] learns anew when the room changes', () => {
    const [before, after] = [roomResponse(80, -6), roomResponse(200, -12)].map((room) =>
      throughRoom(voice, room),
    );
    const twice = Float32Array.from([...voice, ...voice]);
    const heard = Float32Array.from([...before!, ...after!]);
    expect(lowered(heard, clean(heard, twice), endS + 4, 2 * endS)).toBeGreaterThan(15);
  });

  it('[ECHO-1] gives the frame itself while nothing is played', () => {
    const frame = person.slice(0, FRAME_SAMPLES);
    expect(canceller.cancel(frame, undefined)).toBe(frame);
  });

  it('forgets what was played before a silence', () => {
    const response = roomResponse(80, -6);
    const heard = throughRoom(voice, response);
    canceller.seed(response, 0.001);
    clean(heard);
    const silence = new Float32Array(FRAME_SAMPLES);
    canceller.cancel(silence, undefined);
    expect(energy(canceller.cancel(silence, silence))).toBe(0);
  });

  it('goes on after samples that are no numbers, infinite or absurdly loud', () => {
    const response = roomResponse(80, -6);
    const heard = throughRoom(voice, response);
    canceller.seed(response, 0.001);
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, -1e30]) {
      const broken = new Float32Array(FRAME_SAMPLES).fill(value);
      const silence = new Float32Array(FRAME_SAMPLES);
      for (const [frame, reference] of [
        [broken, silence],
        [silence, broken],
        [broken, broken],
      ] as const) {
        expect([...canceller.cancel(frame, reference)].every(Number.isFinite)).toBe(true);
      }
    }
    expect(lowered(heard, clean(heard), 4)).toBeGreaterThan(20);
  });

  it('survives an echo louder than what was played', () => {
    const heard = throughRoom(voice, roomResponse(80, 6));
    expect(lowered(heard, clean(heard), 4)).toBeGreaterThan(20);
  });

  it('does no harm where the echo comes later than it can look back', () => {
    const heard = throughRoom(voice, roomResponse(700, -6));
    expect(lowered(heard, clean(heard), 4)).toBeGreaterThan(-1);
  });
});
