import { rms, SPEECH_RATE_HZ } from '../../core/audio/pcm.ts';
import type { Pcm } from '../../core/audio/pcm.ts';
import { createRandom } from '../support/random.ts';
import { soundBounds } from '../support/wav.ts';

/** White noise for even seeds; for odd ones pink (Voss and McCartney's sum of held random values). Unscaled. */
function colouredNoise(length: number, seed: number): Float32Array {
  const random = createRandom(seed);
  if (seed % 2 === 0) return Float32Array.from({ length }, () => random.next() - 0.5);
  const rows = Array.from({ length: 12 }, () => random.next() - 0.5);
  return Float32Array.from({ length }, (_, index) => {
    for (let row = 0; row < rows.length; row += 1) {
      if (index % 2 ** row === 0) rows[row] = random.next() - 0.5;
    }
    return rows.reduce((sum, value) => sum + value, 0);
  });
}

/** Mixes noise into speech so that the speech is `snrDb` above it, by the root mean square of all that is speech. */
export function addNoise(pcm: Pcm, snrDb: number, seed: number): Pcm {
  const noise = colouredNoise(pcm.samples.length, seed);
  const { startS, endS } = soundBounds(pcm);
  const speech = pcm.samples.subarray(Math.round(startS * pcm.rateHz), Math.round(endS * pcm.rateHz));
  const scale = rms(speech) / rms(noise) / 10 ** (snrDb / 20);
  return { ...pcm, samples: pcm.samples.map((sample, index) => sample + scale * (noise[index] ?? 0)) };
}

const tone = (hz: number, atS: number): number => Math.sin(2 * Math.PI * hz * atS);

const kinds: Record<string, (atS: number, noise: number) => number> = {
  silence: (_atS, noise) => 0.0005 * noise,
  hum: (atS, noise) => 0.05 * tone(50, atS) + 0.02 * tone(100, atS) + 0.01 * tone(150, atS) + 0.002 * noise,
  clicks: (atS, noise) => (atS % 0.7 < 0.004 ? 0.8 * noise : 0.001 * noise),
  // A slow progression of three-note chords, each note with two overtones and a decay.
  music: (atS) => {
    const roots = [261.6, 220, 174.6, 196];
    const root = roots[Math.floor(atS) % roots.length] ?? 261.6;
    const decay = Math.exp(-2 * (atS % 1));
    const note = (hz: number): number => tone(hz, atS) + 0.4 * tone(2 * hz, atS) + 0.2 * tone(3 * hz, atS);
    return 0.08 * decay * (note(root) + note(root * 1.26) + note(root * 1.5));
  },
};

/** A minute of each kind of sound that holds no words. */
export function nonSpeech(seconds = 60): { name: string; pcm: Pcm }[] {
  const random = createRandom(7);
  return Object.entries(kinds).map(([name, at]) => ({
    name,
    pcm: {
      rateHz: SPEECH_RATE_HZ,
      samples: Float32Array.from({ length: seconds * SPEECH_RATE_HZ }, (_, index) =>
        at(index / SPEECH_RATE_HZ, 2 * random.next() - 1),
      ),
    },
  }));
}
