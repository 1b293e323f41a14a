import { SPEECH_RATE_HZ } from '../../core/audio/pcm.ts';
import { createResampler } from '../../core/audio/resampler.ts';
import { toAppError } from '../../core/errors.ts';
import { WIRE_RATE_HZ } from '../../core/protocol/speech.ts';
import type { Recognizer, TranscribeOptions, UtterancePart } from '../../core/stages/stage.ts';
import type { SocketSource } from './socket-source.ts';
import type { SpokenItems } from './spoken-items.ts';

export interface ListeningDeps {
  source: SocketSource;
  recognizer: Recognizer;
  spokenItems: SpokenItems;
  options: () => TranscribeOptions;
  /** Told of what was said, once it is written down. */
  onWords: (text: string) => void;
}

/** Writes down what is said without answering it. */
export interface Listening {
  /** Finds the turns itself until the signal fires. */
  follow(signal: AbortSignal): Promise<void>;
  /** Writes down one turn whose bounds the client has set; samples at the rate of the wire. */
  takeTurn(samples: Float32Array, signal: AbortSignal): Promise<void>;
}

export function createListening(deps: ListeningDeps): Listening {
  const { source, recognizer, spokenItems } = deps;

  /** Turns are written down one after another, so that they are told in the order they were said. */
  let last: Promise<void> = Promise.resolve();

  async function transcribe(audio: AsyncIterable<UtterancePart>, signal: AbortSignal): Promise<void> {
    let text = '';
    try {
      for await (const transcript of recognizer.transcribe(audio, deps.options(), signal)) {
        ({ text } = transcript);
        spokenItems.words(text);
      }
    } catch (error) {
      const { code, message } = toAppError(error);
      if (!signal.aborted) spokenItems.failed(code, message);
      return;
    }
    if (text === '') return spokenItems.dropped();
    spokenItems.committed(text);
    deps.onWords(text);
  }

  return {
    async follow(signal) {
      for await (const event of source.events(signal)) {
        if (event.type !== 'speech.started') continue;
        const { audio } = event;
        last = last.then(() => transcribe(audio, signal));
      }
    },
    async takeTurn(samples, signal) {
      const resampler = createResampler(WIRE_RATE_HZ, SPEECH_RATE_HZ);
      const pieces = [resampler.push(samples), resampler.flush()];
      const audio = (async function* (): AsyncGenerator<UtterancePart> {
        for (const piece of pieces) yield { type: 'audio', pcm: { samples: piece, rateHz: SPEECH_RATE_HZ } };
      })();
      await (last = last.then(() => transcribe(audio, signal)));
    },
  };
}
