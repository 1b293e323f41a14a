import { describe, expect, it } from 'vitest';
import { echoSweep } from '../../core/audio/echo-measure.ts';
import { FRAME_SAMPLES, SPEECH_RATE_HZ } from '../../core/audio/pcm.ts';
import { createEchoGuard } from '../../workers/vad-echo.ts';
import type { EchoGuard } from '../../workers/vad-echo.ts';
import {
  byFrames,
  dB,
  energy,
  mix,
  roomResponse,
  sentences,
  throughRoom,
} from '../support/simulated-room.ts';

const played = mix(new Float32Array(60 * FRAME_SAMPLES), echoSweep(SPEECH_RATE_HZ), 0.4);
const voice = sentences('calculate-times');

function clean(guard: EchoGuard, heard: Float32Array, reference: Float32Array | undefined): Float32Array {
  return byFrames(heard, reference, (samples, ref) => {
    return guard.clean({ type: 'frame', samples, atMs: 0, ...(ref && { reference: ref }) }).samples;
  });
}

describe('the guard against the own echo', () => {
  it('[ECHO-3] measures the next sound, and takes its echo out from then on', async () => {
    const guard = createEchoGuard();
    const response = roomResponse(80, -6);
    const measuring = guard.measure();
    clean(guard, throughRoom(played, response), played);
    expect((await measuring).verdict).toBe('loopback');
    const heard = throughRoom(voice, response);
    expect(dB(energy(heard, 0, 1) / energy(clean(guard, heard, voice), 0, 1))).toBeGreaterThan(25);
  });

  it('[ECHO-3] leaves the microphone alone where the system cancels the echo', async () => {
    const guard = createEchoGuard();
    const measuring = guard.measure();
    clean(guard, new Float32Array(played.length), played);
    expect((await measuring).verdict).toBe('system');
    expect(clean(guard, voice, played)).toEqual(voice);
  });

  it('[ECHO-1] cancels what it learns while nothing is measured', () => {
    const long = sentences('calculate-times', 'calculate-percent', 'music');
    const heard = throughRoom(long, roomResponse(80, -6));
    const cleaned = clean(createEchoGuard(), heard, long);
    expect(dB(energy(heard, 3) / energy(cleaned, 3))).toBeGreaterThan(20);
  });

  it('[BARGE-14] says that echo may be left, until nothing comes back', async () => {
    const guard = createEchoGuard();
    const frame = { type: 'frame', samples: new Float32Array(FRAME_SAMPLES), atMs: 0 } as const;
    expect(guard.clean(frame).echoing).toBe(true);
    const measuring = guard.measure();
    clean(guard, new Float32Array(played.length), played);
    expect((await measuring).verdict).toBe('system');
    expect(guard.clean(frame).echoing).toBeUndefined();
  });

  it('is inconclusive when no sound comes', async () => {
    const guard = createEchoGuard();
    const measuring = guard.measure();
    clean(guard, new Float32Array(130 * FRAME_SAMPLES), undefined);
    expect((await measuring).verdict).toBe('inconclusive');
  });

  it('is inconclusive when an answer sounds right after the sweep, and somebody talks over it', async () => {
    const guard = createEchoGuard();
    const measuring = guard.measure();
    const both = mix(played, voice, 1.1);
    clean(guard, mix(new Float32Array(both.length), voice, 1.3), both);
    expect((await measuring).verdict).toBe('inconclusive');
  });

  it('[ECHO-2] lets a person through who talks over the sweep', () => {
    const guard = createEchoGuard();
    void guard.measure();
    const heard = mix(new Float32Array(played.length), voice.subarray(0, 16_000), 0.3);
    const from = Math.round(0.45 * SPEECH_RATE_HZ);
    expect(clean(guard, heard, played).subarray(from, from + 8000)).toEqual(
      heard.subarray(from, from + 8000),
    );
  });

  it('is inconclusive while something sounds without a pause', async () => {
    const guard = createEchoGuard();
    const measuring = guard.measure();
    const tone = new Float32Array(130 * FRAME_SAMPLES).fill(0.1);
    clean(guard, tone, tone);
    expect((await measuring).verdict).toBe('inconclusive');
  });

  it('answers a measurement that another one replaces', async () => {
    const guard = createEchoGuard();
    const first = guard.measure();
    const second = guard.measure();
    clean(guard, throughRoom(played, roomResponse(80, -6)), played);
    expect((await first).verdict).toBe('inconclusive');
    expect((await second).verdict).toBe('loopback');
  });
});
