import { WhisperFeatureExtractor, type Tensor } from '@huggingface/transformers';
import { describe, expect, it } from 'vitest';
import { createLogMel } from '../../engines/whisper/log-mel.ts';
import { logMelOptions } from '../../engines/whisper/feature-options.ts';
import { createRandom } from '../support/random.ts';

const extractor = new WhisperFeatureExtractor({
  feature_size: 80,
  sampling_rate: 16_000,
  hop_length: 160,
  n_fft: 400,
  n_samples: 80_000,
  nb_max_frames: 500,
});
const random = createRandom(11);

function noisyTone(length: number): Float32Array {
  return Float32Array.from({ length }, (_, index) => 0.3 * Math.sin(index / 9) + 0.1 * (random.next() - 0.5));
}

async function expectAlike(features: Float32Array, samples: Float32Array): Promise<void> {
  const { input_features: expected } = (await extractor(samples)) as { input_features: Tensor };
  const theirs = expected.data as Float32Array;
  expect(features).toHaveLength(theirs.length);
  const largest = features.reduce((worst, value, at) => Math.max(worst, Math.abs(value - theirs[at]!)), 0);
  expect(largest).toBeLessThan(1e-4);
}

describe("Whisper's spectrogram", () => {
  it.each([0, 1, 199, 512, 4_000, 47_999, 79_900, 80_000])(
    'is that of the library for %i samples',
    async (length) => {
      const samples = noisyTone(length);
      await expectAlike(createLogMel(logMelOptions(extractor))(samples), samples);
    },
  );

  it('is the same when audio grows, is cut at the front, or is something else', async () => {
    const logMel = createLogMel(logMelOptions(extractor));
    const samples = noisyTone(60_000);
    for (const end of [8_000, 8_160, 20_001, 20_001, 59_000])
      await expectAlike(logMel(samples.slice(0, end)), samples.slice(0, end));
    await expectAlike(logMel(samples.slice(0, 30_000)), samples.slice(0, 30_000));
    await expectAlike(logMel(samples.slice(30_000)), samples.slice(30_000));
    await expectAlike(logMel(new Float32Array(0)), new Float32Array(0));
  });
});
