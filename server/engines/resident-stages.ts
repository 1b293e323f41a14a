import { untilAborted } from '../../core/abortable.ts';
import type { Recognizer, Responder, Stage, Synthesizer } from '../../core/stages/stage.ts';
import type { Residency } from './residency.ts';
import { rewindable } from './rewindable.ts';

/** A stage whose model has to be on the card while it works. */
export interface Tenancy {
  residency: Residency;
  /** As the residency knows the model. */
  name: string;
}

/** Work that the card is kept for until it ends, or is left. */
async function* resident<T>(
  { residency, name }: Tenancy,
  signal: AbortSignal,
  work: () => AsyncIterable<T>,
): AsyncGenerator<T, void, void> {
  const leave = await residency.use(name, signal);
  try {
    yield* work();
  } finally {
    leave();
  }
}

function lifeCycle({ residency, name }: Tenancy, stage: Stage): Stage {
  return {
    describe: () => stage.describe(),
    // Made ready ahead of time, which is no reason to take another model off the card.
    load: (_onProgress, signal) => residency.warm(name, signal),
    dispose: () => stage.dispose(),
  };
}

export function residentRecognizer(stage: Recognizer, tenancy: Tenancy): Recognizer {
  return {
    ...lifeCycle(tenancy, stage),
    async *transcribe(audio, options, signal) {
      const heard = rewindable(audio);
      try {
        // The card is wanted at the first pause, not while somebody begins to speak.
        for await (const part of untilAborted(heard.open(), signal)) if (part.type === 'pause') break;
        yield* resident(tenancy, signal, () => stage.transcribe(heard.open(), options, signal));
      } finally {
        heard.letGo();
      }
    },
  };
}

export function residentResponder(stage: Responder, tenancy: Tenancy): Responder {
  return {
    ...lifeCycle(tenancy, stage),
    // Reading ahead is no reason to take another model off the card.
    prepare: () => Promise.resolve(),
    reply: (request, signal) => resident(tenancy, signal, () => stage.reply(request, signal)),
  };
}

export function residentSynthesizer(stage: Synthesizer, tenancy: Tenancy): Synthesizer {
  return {
    ...lifeCycle(tenancy, stage),
    speak: (text, voice, signal) => resident(tenancy, signal, () => stage.speak(text, voice, signal)),
  };
}
