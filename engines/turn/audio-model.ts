import { WhisperFeatureExtractor } from '@huggingface/transformers';
import { disposeTensors, floatTensor, toFloats } from '../onnx-session.ts';
import type { ModelOpener } from '../transformers-env.ts';
import { logMelOptions } from '../whisper/feature-options.ts';
import { createLogMel } from '../whisper/log-mel.ts';
import { openClassifier, toProbability } from './classifier.ts';
import { lastNormalised } from './normalise.ts';
import type { ScoringModel } from './scorer.ts';

/**
 * Opens a model that hears whether 16 kHz speech has ended, with the inputs of Smart Turn v3: `input_features` [1, bands, frames], the log-mel spectrogram of a
 * window; its one output is the probability. Window and bands are those of preprocessor_config.json.
 */
export async function openTurnAudioModel(opener: ModelOpener): Promise<ScoringModel<Float32Array>> {
  const extractor = await opener.step('preprocessor_config.json', () =>
    WhisperFeatureExtractor.from_pretrained(opener.path),
  );
  const options = logMelOptions(extractor);
  const logMel = createLogMel(options);
  const bands = options.filters.length;
  const session = await openClassifier(opener);

  async function score(samples: Float32Array): Promise<number> {
    const features = logMel(lastNormalised(samples, options.windowSamples));
    const outputs = await session.run({
      input_features: floatTensor('float32', features, [1, bands, features.length / bands]),
    });
    try {
      return toProbability(toFloats(Object.values(outputs)[0]!)[0]);
    } finally {
      disposeTensors(outputs);
    }
  }

  await opener.step('first run', () => score(new Float32Array(options.windowSamples)));
  return { score };
}
