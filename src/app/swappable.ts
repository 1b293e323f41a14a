import type { Recognizer, Responder, Stage } from '../../core/stages/stage.ts';
import type { TurnDetector } from '../../core/stages/turn-detector.ts';

/** A stage whose implementation may change between two turns while the session keeps its one reference. */
export function swappableRecognizer(current: () => Recognizer): Recognizer {
  return {
    ...lifeCycleOf(current),
    transcribe: (audio, options, signal) => current().transcribe(audio, options, signal),
  };
}

export function swappableResponder(current: () => Responder): Responder {
  return {
    ...lifeCycleOf(current),
    get hears() {
      return current().hears === true;
    },
    prepare: (request, signal) => current().prepare(request, signal),
    reply: (request, signal) => current().reply(request, signal),
  };
}

export function swappableTurnDetector(current: () => TurnDetector): TurnDetector {
  return {
    ...lifeCycleOf(current),
    judge: (pause, signal) => current().judge(pause, signal),
  };
}

function lifeCycleOf(current: () => Stage): Stage {
  return {
    describe: () => current().describe(),
    load: (onProgress, signal) => current().load(onProgress, signal),
    dispose: () => current().dispose(),
  };
}
