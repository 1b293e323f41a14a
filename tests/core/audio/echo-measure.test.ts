import { describe, expect, it } from 'vitest';
import { echoSweep, measureEcho } from '../../../core/audio/echo-measure.ts';
import { createEchoCanceller } from '../../../core/audio/echo-canceller.ts';
import { SPEECH_RATE_HZ } from '../../../core/audio/pcm.ts';
import {
  byFrames,
  dB,
  energy,
  mix,
  roomResponse,
  sentences,
  throughRoom,
} from '../../support/simulated-room.ts';

const sweep = echoSweep(SPEECH_RATE_HZ);
const played = mix(new Float32Array(46 * 512), sweep, 0.2);

describe('the sweep', () => {
  it.each([16_000, 44_100, 48_000])('is short, soft and begins and ends in silence at %i Hz', (rateHz) => {
    const samples = echoSweep(rateHz);
    expect(samples.length / rateHz).toBeCloseTo(0.4, 3);
    const power = samples.reduce((sum, sample) => sum + sample ** 2, 0) / samples.length;
    expect(dB(power)).toBeCloseTo(-24, 0);
    expect(Math.abs(samples[0]!)).toBe(0);
    expect(Math.abs(samples.at(-1)!)).toBeLessThan(0.001);
  });
});

describe('[ECHO-3] measuring the echo', () => {
  it.each([
    [20, -6],
    [80, -12],
    [260, -20],
    [400, -6],
  ])('finds a delay of %i ms and an echo of %i dB', (delayMs, gainDb) => {
    const measured = measureEcho(throughRoom(played, roomResponse(delayMs, gainDb)), played);
    expect(measured.verdict).toBe('loopback');
    expect(measured.delayMs).toBeCloseTo(delayMs, 0);
    expect(Math.abs(measured.returnDb - gainDb)).toBeLessThan(1.5);
  });

  it('gives a response with which a voice is taken out at once', () => {
    const response = roomResponse(80, -6);
    const { response: measured, doubt } = measureEcho(throughRoom(played, response), played);
    const canceller = createEchoCanceller();
    canceller.seed(measured, doubt);
    const voice = sentences('calculate-times');
    const heard = throughRoom(voice, response);
    const cleaned = byFrames(heard, voice, canceller.cancel);
    expect(dB(energy(heard, 0, 1) / energy(cleaned, 0, 1))).toBeGreaterThan(25);
  });

  it.each([
    ['nothing', 0, 0],
    ['soft noise', 0, 0.0003],
    ['an echo of −60 dB', 10 ** (-60 / 20), 0],
  ])('leaves it to the system where the microphone hears %s', (_, gain, noise) => {
    const heard = throughRoom(played, Float32Array.of(0, gain), noise);
    expect(measureEcho(heard, played).verdict).toBe('system');
  });

  it.each([
    ['an echo', -12],
    ['no echo', Number.NEGATIVE_INFINITY],
  ])('is inconclusive where somebody talks, with %s', (_, gainDb) => {
    const echo = Number.isFinite(gainDb) ? roomResponse(80, gainDb) : Float32Array.of(0);
    const heard = mix(throughRoom(played, echo), sentences('joke'), 0);
    expect(measureEcho(heard, played).verdict).toBe('inconclusive');
  });

  it('is inconclusive where nothing was played', () => {
    const silence = new Float32Array(played.length);
    expect(measureEcho(throughRoom(silence, Float32Array.of(0)), silence).verdict).toBe('inconclusive');
  });

  it('wants the voice softer where the echo is distorted beyond recognition', () => {
    const distorted = throughRoom(played, roomResponse(20, -6)).map(
      (sample) => 0.05 * Math.sign(sample ** 2 - 4e-4),
    );
    const silent = distorted.map((sample, n) =>
      played[n - 320] === 0 || played[n - 320] === undefined ? 0 : sample,
    );
    expect(measureEcho(silent, played).verdict).toBe('duck');
  });

  it('takes samples that are no numbers for silence', () => {
    const heard = throughRoom(played, roomResponse(80, -12));
    heard[100] = Number.NaN;
    expect(measureEcho(heard, played).verdict).toBe('loopback');
  });
});
