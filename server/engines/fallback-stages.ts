import type { Recognizer, Responder, Synthesizer } from '../../core/stages/stage.ts';
import type { Fallback } from './fallback.ts';
import { rewindable } from './rewindable.ts';

/** The recogniser that takes over hears the utterance from its beginning; words that are settled are not said again. */
export function fallbackRecognizer(fallback: Fallback<Recognizer>): Recognizer {
  return {
    ...fallback,
    async *transcribe(audio, options, caller) {
      if (fallback.size === 1) {
        yield* fallback.stream(caller, (stage, signal) => stage.transcribe(audio, options, signal));
        return;
      }
      const heard = rewindable(audio);
      let settled = 0;
      try {
        yield* fallback.stream(
          caller,
          async function* (stage, signal) {
            let known = settled;
            for await (const transcript of stage.transcribe(heard.open(), options, signal)) {
              if (known > 0) {
                if (transcript.settled) known -= 1;
                continue;
              }
              if (transcript.settled) settled += 1;
              yield transcript;
            }
          },
          true,
        );
      } finally {
        heard.letGo();
      }
    },
  };
}

export function fallbackResponder(fallback: Fallback<Responder>): Responder {
  return {
    ...fallback,
    get hears() {
      return fallback.stage().hears === true;
    },
    prepare: (request, signal) => fallback.stage().prepare(request, signal),
    reply: (request, caller) => fallback.stream(caller, (stage, signal) => stage.reply(request, signal)),
  };
}

export function fallbackSynthesizer(fallback: Fallback<Synthesizer>): Synthesizer {
  return {
    ...fallback,
    speak: (text, voice, caller) =>
      fallback.stream(caller, (stage, signal) => stage.speak(text, voice, signal)),
  };
}
