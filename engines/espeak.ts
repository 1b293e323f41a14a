import type { Pcm } from '../core/audio/pcm.ts';
import { throwIfAborted } from '../core/errors.ts';
import { voiceLanguage } from '../core/settings/voices.ts';
import { espeakInfo } from '../core/stages/built-in.ts';
import type { Synthesizer, Voice } from '../core/stages/stage.ts';
import { readAloud } from '../core/text/reading/read-aloud.ts';
import { openEspeak } from './espeak-runtime.ts';
import type { EspeakConfig } from './espeak-runtime.ts';
import { toPieces } from './espeak-text.ts';
import { voiceFile, wordsPerMinute } from './espeak-voices.ts';
import { createLoadable } from './loadable.ts';

/**
 * The voice that is always available, in English, Spanish, French, Portuguese, Hindi, German, Dutch and Italian:
 * 22.05 kHz in chunks of about 100 ms, synthesised some 200 times faster than speech.
 */
export function createEspeak(config: EspeakConfig): Synthesizer {
  const espeak = createLoadable('The eSpeak voice', async (onProgress, signal) => {
    const runtime = await openEspeak(config, onProgress, signal);
    // Cold code is some ten times slower: the first clause should not pay for that.
    runtime.synthesize('The quick brown fox jumps over the lazy dog.', voiceFile('en-us'), wordsPerMinute(1));
    return { runtime, close: () => Promise.resolve() };
  });

  async function* speak(text: string, { id, speed }: Voice, signal: AbortSignal): AsyncGenerator<Pcm> {
    throwIfAborted(signal);
    const { runtime } = espeak.get();
    for (const piece of toPieces(readAloud(text, voiceLanguage(id)))) {
      for (const samples of runtime.synthesize(piece, voiceFile(id), wordsPerMinute(speed))) {
        throwIfAborted(signal);
        yield { samples, rateHz: runtime.rateHz };
      }
      throwIfAborted(signal);
    }
  }

  return {
    describe: () => Promise.resolve(espeakInfo),
    load: (onProgress, signal) => espeak.load(onProgress, signal),
    dispose: () => espeak.dispose(),
    speak,
  };
}
