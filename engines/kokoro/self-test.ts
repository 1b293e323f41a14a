import { concatSamples, rms } from '../../core/audio/pcm.ts';
import { AppError, throwIfAborted } from '../../core/errors.ts';
import type { EspeakRuntime } from '../espeak-runtime.ts';
import { voiceFile, wordsPerMinute } from '../espeak-voices.ts';
import type { EngineConfig } from '../engine-config.ts';
import { phonemize } from './g2p.ts';
import { KOKORO_RATE_HZ, type KokoroModel } from './kokoro-model.ts';
import { likeness } from './likeness.ts';
import type { Vocabulary } from './vocabulary.ts';

/** Hissing sounds at its beginning and open vowels at its end, so that forwards and backwards differ much. */
export const SELF_TEST_SENTENCE = 'She sees six fish, and now we all go home.';
const LOCALE = 'en-us';

/**
 * Between the recorded voices of flite (kal16, awb, rms, slt, each at three speeds), other accents of eSpeak and the
 * micro-Kokoro, 0.29 to 0.66, and everything else that was tried, 0.82 and above: noise, hum, the voices saying another
 * sentence, shuffled in pieces of 50 and 200 ms, at half and double speed, clipped, drowned in noise
 * (tests/bench/self-test.ts).
 */
const MOST_UNLIKE = 0.74;
/** Speech has 10 to 15 phonemes a second; half and twice as many is no speech. */
const PHONEME_MS = { least: 30, most: 250 };
const QUIETEST_RMS = 0.003;

export interface SpokenTest {
  kokoro: KokoroModel;
  espeak: EspeakRuntime;
  vocabulary: Vocabulary;
  styles: Float32Array;
}

/**
 * Speaks a known sentence once, which also warms the model, and compares it with the same sentence of eSpeak NG: some
 * GPUs compute Kokoro wrongly without any error, and what comes out is noise or babble.
 * @throws AppError `gpu.unavailable` where that happens on a GPU, `engine.failed` elsewhere, `aborted`.
 */
export async function spokenSelfTest(
  { kokoro, espeak, vocabulary, styles }: SpokenTest,
  device: EngineConfig['device'],
  signal: AbortSignal,
): Promise<void> {
  throwIfAborted(signal);
  const phonemes = vocabulary.known(phonemize(SELF_TEST_SENTENCE, LOCALE, espeak));
  let cause: unknown = 'What it said does not resemble the sentence.';
  try {
    const samples = await kokoro.speak(vocabulary.encode(phonemes), styles, 1);
    const lengthMs = (samples.length / KOKORO_RATE_HZ) * 1000;
    const isPaced =
      lengthMs > PHONEME_MS.least * phonemes.length && lengthMs < PHONEME_MS.most * phonemes.length;
    if (isPaced && rms(samples) > QUIETEST_RMS && unlike(samples, espeak) < MOST_UNLIKE) return;
  } catch (error) {
    cause = error;
  }
  throwIfAborted(signal);
  throw device === 'webgpu'
    ? new AppError(
        'gpu.unavailable',
        'The voice sounds wrong on this GPU; it runs on the processor instead.',
        { cause },
      )
    : new AppError('engine.failed', 'This voice does not sound right on this device. Choose another one.', {
        cause,
      });
}

function unlike(samples: Float32Array, espeak: EspeakRuntime): number {
  const chunks = espeak.synthesize(SELF_TEST_SENTENCE, voiceFile(LOCALE), wordsPerMinute(1));
  const reference = { samples: concatSamples(chunks), rateHz: espeak.rateHz };
  return likeness({ samples, rateHz: KOKORO_RATE_HZ }, reference);
}
