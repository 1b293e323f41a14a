import type { Recognizer, Responder } from '../../core/stages/stage.ts';

/** A stage whose implementation may change between two turns while the session keeps its one reference. */
export function swappableRecognizer(current: () => Recognizer): Recognizer {
  return {
    describe: () => current().describe(),
    load: (onProgress, signal) => current().load(onProgress, signal),
    dispose: () => current().dispose(),
    transcribe: (audio, options, signal) => current().transcribe(audio, options, signal),
  };
}

export function swappableResponder(current: () => Responder): Responder {
  return {
    describe: () => current().describe(),
    load: (onProgress, signal) => current().load(onProgress, signal),
    dispose: () => current().dispose(),
    reply: (request, signal) => current().reply(request, signal),
  };
}
