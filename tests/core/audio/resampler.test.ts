import { describe, expect, it } from 'vitest';
import { concatSamples } from '../../../core/audio/pcm.ts';
import { createResampler, resample } from '../../../core/audio/resampler.ts';
import { AppError } from '../../../core/errors.ts';
import { createRandom } from '../../support/random.ts';

const deviceRatesHz = [8_000, 11_025, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000, 192_000];

function tone(frequencyHz: number, rateHz: number, samples: number): Float32Array {
  return Float32Array.from({ length: samples }, (_, n) => Math.sin((2 * Math.PI * frequencyHz * n) / rateHz));
}

/** Root mean square of the middle half, in dB of a full-scale sine. */
function levelDb(samples: Float32Array): number {
  const middle = samples.subarray(samples.length >> 2, (samples.length * 3) >> 2);
  const power = middle.reduce((sum, sample) => sum + sample * sample, 0) / middle.length;
  return 10 * Math.log10(2 * power + 1e-20);
}

/** What resampling adds to a sine, against the sine made at the new rate. */
function errorDb(frequencyHz: number, fromHz: number, toHz: number): number {
  const { samples } = resample({ samples: tone(frequencyHz, fromHz, fromHz / 10), rateHz: fromHz }, toHz);
  const ideal = tone(frequencyHz, toHz, samples.length);
  return levelDb(samples.map((sample, n) => sample - ideal[n]!));
}

function noise(samples: number, seed: number): Float32Array {
  const random = createRandom(seed).next;
  return Float32Array.from({ length: samples }, () => random() * 2 - 1);
}

describe('resampler', () => {
  it.each([32_000, 44_100, 48_000, 96_000, 192_000])(
    'keeps everything above the new Nyquist frequency 75 dB down, from %i Hz to 16 kHz',
    (fromHz) => {
      for (let frequencyHz = 8_000; frequencyHz < fromHz / 2; frequencyHz += fromHz / 97) {
        const { samples } = resample(
          { samples: tone(frequencyHz, fromHz, fromHz / 10), rateHz: fromHz },
          16_000,
        );
        expect(levelDb(samples), `${frequencyHz} Hz`).toBeLessThan(-75);
      }
    },
  );

  it.each(deviceRatesHz)(
    'passes speech from %i Hz to 16 kHz without a change of level or phase',
    (fromHz) => {
      const highestHz = 0.88 * Math.min(8_000, fromHz / 2);
      for (let frequencyHz = 50; frequencyHz < highestHz; frequencyHz += 333) {
        expect(errorDb(frequencyHz, fromHz, 16_000), `${frequencyHz} Hz`).toBeLessThan(-70);
      }
    },
  );

  it.each([
    [22_050, 48_000],
    [24_000, 44_100],
    [16_000, 48_000],
    [22_050, 192_000],
  ])('leaves no mirror image of a voice from %i Hz to %i Hz', (fromHz, toHz) => {
    expect(errorDb(0.35 * fromHz, fromHz, toHz)).toBeLessThan(-70);
  });

  it.each([
    [48_000, 16_000],
    [44_100, 16_000],
    [16_000, 44_100],
    [44_101, 16_000],
    [192_000, 8_000],
    [16_000, 16_000],
  ])('gives the same samples in chunks as in one piece, from %i Hz to %i Hz', (fromHz, toHz) => {
    const input = noise(20_000, fromHz);
    const whole = createResampler(fromHz, toHz);
    const expected = concatSamples([whole.push(input), whole.flush()]);

    const random = createRandom(toHz).next;
    const chunked = createResampler(fromHz, toHz);
    const chunks: Float32Array[] = [];
    for (let from = 0; from < input.length;) {
      const to = from + Math.floor(random() * 300);
      chunks.push(chunked.push(input.subarray(from, to)));
      from = to;
    }
    chunks.push(chunked.flush());
    expect(concatSamples(chunks)).toEqual(expected);
  });

  it('writes into a given buffer what push would have returned', () => {
    const [returned, written] = [createResampler(44_100, 16_000), createResampler(44_100, 16_000)];
    const out = new Float32Array(written.maxOutput(128));
    for (let block = 0; block < 200; block++) {
      const input = noise(128, block);
      const count = written.pushInto(input, out);
      expect(out.slice(0, count)).toEqual(returned.push(input));
    }
  });

  it.each([
    [48_000, 16_000],
    [44_100, 16_000],
    [22_050, 48_000],
    [44_101, 16_000],
  ])('neither loses nor invents a sample in half a minute, from %i Hz to %i Hz', (fromHz, toHz) => {
    const resampler = createResampler(fromHz, toHz);
    const block = new Float32Array(fromHz);
    const out = new Float32Array(resampler.maxOutput(fromHz));
    let total = 0;
    for (let second = 0; second < 30; second++) total += resampler.pushInto(block, out);
    expect(total + resampler.flush().length).toBe(30 * toHz);
  });

  it('gives ⌈n × to ÷ from⌉ samples whatever the length', () => {
    for (const length of [1, 2, 3, 127, 128, 441, 512, 1_000]) {
      for (const toHz of deviceRatesHz) {
        const { samples } = resample({ samples: noise(length, length), rateHz: 44_100 }, toHz);
        expect(samples.length).toBe(Math.ceil((length * toHz) / 44_100));
      }
    }
  });

  it.each(deviceRatesHz)('keeps a constant constant from 44.1 kHz to %i Hz', (toHz) => {
    const { samples } = resample({ samples: new Float32Array(20_000).fill(0.5), rateHz: 44_100 }, toHz);
    const middle = samples.subarray(samples.length >> 2, (samples.length * 3) >> 2);
    for (const sample of middle) expect(sample).toBeCloseTo(0.5, 5);
  });

  it('starts afresh after a flush', () => {
    const resampler = createResampler(48_000, 16_000);
    const input = noise(3_000, 7);
    const first = concatSamples([resampler.push(input), resampler.flush()]);
    const second = concatSamples([resampler.push(input), resampler.flush()]);
    expect(second).toEqual(first);
  });

  it('gives nothing for nothing', () => {
    expect(resample({ samples: new Float32Array(0), rateHz: 48_000 }, 16_000).samples.length).toBe(0);
    expect(createResampler(48_000, 16_000).push(new Float32Array(0)).length).toBe(0);
  });

  it('returns audio that already has the rate as it is', () => {
    const pcm = { samples: noise(10, 1), rateHz: 16_000 };
    expect(resample(pcm, 16_000)).toBe(pcm);
  });

  it.each([0, -16_000, 7_999, 192_001, 44_100.5, Number.NaN, Number.POSITIVE_INFINITY])(
    'refuses a rate of %d Hz',
    (rateHz) => {
      const refused = { code: 'audio.invalid' } satisfies Partial<AppError>;
      expect(() => createResampler(rateHz, 16_000)).toThrow(expect.objectContaining(refused));
      expect(() => createResampler(16_000, rateHz)).toThrow(expect.objectContaining(refused));
    },
  );
});
