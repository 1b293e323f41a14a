import { FRAME_SAMPLES, SPEECH_RATE_HZ } from '../../core/audio/pcm.ts';
import { resample } from '../../core/audio/resampler.ts';
import { createRandom } from './random.ts';
import { fixture } from './speech-fixtures.ts';

/** An impulse response at 16 kHz: a direct sound after `delayMs` and 100 ms of reverberation, `gainDb` in all. */
export function roomResponse(delayMs: number, gainDb: number): Float32Array {
  const random = createRandom(5);
  const delay = Math.round((delayMs / 1000) * SPEECH_RATE_HZ);
  const tail = 0.1 * SPEECH_RATE_HZ;
  const response = new Float32Array(delay + tail);
  for (let n = 0; n < tail; n++) {
    response[delay + n] = 0.1 * (2 * random.next() - 1) * Math.exp((-6.9 * n) / (0.25 * SPEECH_RATE_HZ));
  }
  response[delay] = 1;
  const norm = 10 ** (gainDb / 20) / Math.sqrt(energy(response));
  return response.map((sample) => norm * sample);
}

/** What a microphone in that room hears of `played`, with noise of this amplitude. */
export function throughRoom(played: Float32Array, response: Float32Array, noise = 0.0003): Float32Array {
  const random = createRandom(9);
  const heard = Float32Array.from(played, () => noise * (2 * random.next() - 1));
  for (const [delay, gain] of response.entries()) {
    if (gain === 0) continue;
    for (let n = delay; n < heard.length; n++) heard[n] = heard[n]! + gain * played[n - delay]!;
  }
  return heard;
}

/** Recorded sentences one after another at 16 kHz, half a second apart, in whole frames. */
export function sentences(...names: string[]): Float32Array<ArrayBuffer> {
  const pause = new Array<number>(SPEECH_RATE_HZ / 2).fill(0);
  const samples = names.flatMap((name) => [...resample(fixture(name).pcm, SPEECH_RATE_HZ).samples, ...pause]);
  return Float32Array.from(samples.slice(0, samples.length - (samples.length % FRAME_SAMPLES)));
}

/** A sum in which `other` begins at a time. */
export function mix(one: Float32Array, other: Float32Array, atS: number): Float32Array<ArrayBuffer> {
  const from = Math.round(atS * SPEECH_RATE_HZ);
  return Float32Array.from(one, (sample, n) => sample + (other[n - from] ?? 0));
}

/** Passes the signals through frame by frame. */
export function byFrames(
  heard: Float32Array,
  played: Float32Array | undefined,
  pass: (frame: Float32Array<ArrayBuffer>, reference: Float32Array<ArrayBuffer> | undefined) => Float32Array,
): Float32Array {
  const out = new Float32Array(heard.length);
  for (let at = 0; at + FRAME_SAMPLES <= heard.length; at += FRAME_SAMPLES) {
    const end = at + FRAME_SAMPLES;
    out.set(pass(heard.slice(at, end), played?.slice(at, end)), at);
  }
  return out;
}

/** Sum of squares between two times. */
export function energy(samples: Float32Array, fromS = 0, toS = Number.POSITIVE_INFINITY): number {
  let sum = 0;
  const end = Math.min(samples.length, toS * SPEECH_RATE_HZ);
  for (let n = Math.round(fromS * SPEECH_RATE_HZ); n < end; n++) sum += samples[n]! ** 2;
  return sum;
}

export function dB(ratio: number): number {
  return 10 * Math.log10(ratio);
}
