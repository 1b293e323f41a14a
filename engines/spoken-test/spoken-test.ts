import { concatSamples, durationMs, rms, type Pcm } from '../../core/audio/pcm.ts';
import { AppError, throwIfAborted } from '../../core/errors.ts';
import type { EngineConfig } from '../engine-config.ts';
import type { EspeakRuntime } from '../espeak-runtime.ts';
import { voiceFile, wordsPerMinute } from '../espeak-voices.ts';
import { likeness } from './likeness.ts';

/** Hissing sounds at its beginning and open vowels at its end, so that forwards and backwards differ much. */
export const TEST_SENTENCE = 'She sees six fish, and now we all go home.';
export const TEST_LOCALE = 'en-us';

/**
 * Between the recorded voices of flite (kal16, awb, rms, slt, each at three speeds), another accent of eSpeak and the
 * micro-Kokoro, 0.29 to 0.66, and everything else that was tried, 0.82 and above: noise, hum, the voices saying another
 * sentence, shuffled in pieces of 50 and 200 ms, at half and double speed, clipped, drowned in noise
 * (tests/bench/spoken-test.ts).
 */
const MOST_UNLIKE = 0.74;
/** Against eSpeak's: nobody speaks that much faster or slower. */
const SHORTEST = 0.4;
const LONGEST = 3;
const QUIETEST_RMS = 0.003;

/**
 * Lets a model speak a known sentence once, which also warms it, and compares that with the same sentence of eSpeak NG:
 * some GPUs compute a voice wrongly without any error, and what comes out is noise or babble.
 * @param say speaks `TEST_SENTENCE`
 * @throws AppError `gpu.unavailable` where that happens on a GPU, `engine.failed` elsewhere, `aborted`.
 */
export async function spokenTest(
  say: () => Promise<Pcm>,
  espeak: EspeakRuntime,
  device: EngineConfig['device'],
  signal: AbortSignal,
): Promise<void> {
  throwIfAborted(signal);
  let cause: unknown = 'What it said does not resemble the sentence.';
  try {
    if (isSentence(await say(), espeak)) return;
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

function isSentence(said: Pcm, espeak: EspeakRuntime): boolean {
  const chunks = espeak.synthesize(TEST_SENTENCE, voiceFile(TEST_LOCALE), wordsPerMinute(1));
  const reference = { samples: concatSamples(chunks), rateHz: espeak.rateHz };
  const length = durationMs(said) / durationMs(reference);
  return (
    length > SHORTEST &&
    length < LONGEST &&
    rms(said.samples) > QUIETEST_RMS &&
    likeness(said, reference) < MOST_UNLIKE
  );
}
