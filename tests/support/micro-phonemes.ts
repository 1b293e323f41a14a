import { createRandom } from './random.ts';

/** Samples that each phoneme has at most: 200 ms at 24 kHz, twice what it takes at speed 1. */
export const ROW_SAMPLES = 4_800;
const RATE_HZ = 24_000;
const PITCH_HZ = 120;

/** A sound out of resonances, which glide where there are two sets, and of noise in a band. */
interface Recipe {
  letters: string;
  ms: number;
  resonances?: readonly (readonly number[])[];
  noiseHz?: readonly [from: number, to: number];
  gain: number;
}

const vowel = (letters: string, ...resonances: number[][]): Recipe => ({
  letters,
  ms: 95,
  resonances,
  gain: 0.9,
});

/** Roughly as in speech: first and second resonance of vowels, bands of hissing sounds, silence before a burst. */
const recipes: readonly Recipe[] = [
  vowel('iyɨ', [280, 2250, 2900]),
  vowel('ɪᵻʏ', [400, 1950, 2600]),
  vowel('eø', [430, 2050, 2600]),
  vowel('ɛœ', [580, 1800, 2500]),
  vowel('æ', [700, 1700, 2450]),
  vowel('aɐʌ', [750, 1300, 2500]),
  vowel('ɑɒ', [720, 1100, 2450]),
  vowel('ɔ', [570, 860, 2400]),
  vowel('o', [440, 820, 2400]),
  vowel('ʊɯ', [440, 1050, 2300]),
  vowel('u', [310, 880, 2250]),
  vowel('əɜɚᵊɤ', [500, 1450, 2450]),
  vowel('I', [750, 1300, 2500], [350, 2050, 2700]),
  vowel('W', [750, 1300, 2500], [400, 950, 2400]),
  vowel('A', [450, 1950, 2600], [320, 2200, 2800]),
  vowel('OQ', [500, 950, 2400], [370, 880, 2300]),
  vowel('Y', [540, 900, 2400], [350, 2050, 2700]),
  { letters: 'wɰ', ms: 60, resonances: [[300, 700, 2200]], gain: 0.5 },
  { letters: 'jɥʎ', ms: 60, resonances: [[280, 2200, 2900]], gain: 0.5 },
  { letters: 'ɹɻrɾɽTʁ', ms: 55, resonances: [[400, 1250, 1700]], gain: 0.5 },
  { letters: 'l', ms: 60, resonances: [[360, 1100, 2600]], gain: 0.5 },
  { letters: 'mnŋɲɳɴ', ms: 65, resonances: [[260, 1200, 2200]], gain: 0.35 },
  { letters: 'sʦS', ms: 95, noiseHz: [4_200, 8_000], gain: 0.35 },
  { letters: 'zʣ', ms: 80, noiseHz: [4_000, 8_000], resonances: [[250, 1400]], gain: 0.3 },
  { letters: 'ʃʧʂɕʨ', ms: 95, noiseHz: [2_200, 6_000], gain: 0.35 },
  { letters: 'ʒʤʥʝ', ms: 80, noiseHz: [2_200, 5_500], resonances: [[250, 1700]], gain: 0.3 },
  { letters: 'fθɸ', ms: 80, noiseHz: [1_200, 8_000], gain: 0.06 },
  { letters: 'vðβʋ', ms: 55, noiseHz: [1_200, 8_000], resonances: [[250, 1200]], gain: 0.15 },
  { letters: 'hxçχɣʰ', ms: 55, noiseHz: [500, 3_000], gain: 0.1 },
  { letters: 'ptkʈcqʔ', ms: 70, noiseHz: [1_500, 6_000], gain: 0.12 },
  { letters: 'bdɡɖɟ', ms: 60, noiseHz: [300, 3_000], resonances: [[220, 900]], gain: 0.2 },
  { letters: ' ', ms: 15, gain: 0 },
  { letters: ';:,—()“”"', ms: 95, gain: 0 },
  { letters: '.!?…$', ms: 95, gain: 0 },
];
const STOPS = /[ptkʈcqʔbdɡɖɟ]/u;

/** What the micro-Kokoro says for a phoneme: nothing for one without a recipe, such as a stress mark. */
export interface MicroSound {
  /** Length at speed 1. */
  samples: number;
  row: Float32Array;
}

/** The sounds, the silent one of no length first. */
export const microSounds: readonly MicroSound[] = [
  { samples: 0, row: new Float32Array(ROW_SAMPLES) },
  ...recipes.map((recipe) => ({ samples: Math.round((recipe.ms / 1000) * RATE_HZ), row: cook(recipe) })),
];

/** Which sound a letter has, as an index into `microSounds`. */
export function soundOf(letter: string): number {
  return recipes.findIndex(({ letters }) => letters.includes(letter)) + 1;
}

function cook({ letters, ms, resonances, noiseHz, gain }: Recipe): Float32Array {
  const row = new Float32Array(ROW_SAMPLES);
  if (resonances) addHarmonics(row, resonances, ms, noiseHz ? gain / 2 : gain);
  if (noiseHz) addNoise(row, noiseHz, gain);
  const silence = STOPS.test(letters) ? 0.6 * (ms / 1000) * RATE_HZ : 0;
  const most = row.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 1e-9);
  // Peaks of 0.9 at most: half of the gain, as sums of resonances go beyond 1.
  return row.map((sample, at) => (at < silence ? 0 : Math.min(1, gain) * (sample / most)));
}

function addHarmonics(
  row: Float32Array,
  resonances: readonly (readonly number[])[],
  ms: number,
  gain: number,
): void {
  const [start = []] = resonances;
  const end = resonances.at(-1) ?? start;
  const glide = (ms / 1000) * RATE_HZ;
  for (let harmonic = 1; harmonic * PITCH_HZ < 4_000; harmonic++) {
    const hz = harmonic * PITCH_HZ;
    const strength = (set: readonly number[]): number =>
      set.reduce((sum, centre, rank) => sum + 0.6 ** rank / (1 + ((hz - centre) / 70) ** 2), 0);
    const [from, to] = [strength(start), strength(end)];
    for (let at = 0; at < row.length; at++) {
      const share = Math.min(1, at / glide);
      row[at]! += gain * (from + share * (to - from)) * Math.sin((2 * Math.PI * hz * at) / RATE_HZ);
    }
  }
}

/** Noise out of many tones of random phase. */
function addNoise(row: Float32Array, [from, to]: readonly [number, number], gain: number): void {
  const { next } = createRandom(from + to);
  for (let tone = 0; tone < 60; tone++) {
    const hz = from + next() * (to - from);
    const phase = next() * 2 * Math.PI;
    for (let at = 0; at < row.length; at++)
      row[at]! += (gain / 8) * Math.sin((2 * Math.PI * hz * at) / RATE_HZ + phase);
  }
}
