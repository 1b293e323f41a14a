import type { FeatureExtractor } from '@huggingface/transformers';
import type { LogMelOptions } from './log-mel.ts';

interface ExtractorConfig {
  n_fft: number;
  hop_length: number;
  n_samples: number;
  mel_filters: number[][];
}

/** Reads what defines a model's spectrogram from the library's extractor, which has made window and filters. */
export function logMelOptions(extractor: FeatureExtractor): LogMelOptions {
  const config = extractor.config as ExtractorConfig;
  const { window } = extractor as FeatureExtractor & { window: Float64Array };
  return {
    frameSamples: config.n_fft,
    hopSamples: config.hop_length,
    windowSamples: config.n_samples,
    taper: window,
    filters: config.mel_filters,
  };
}
