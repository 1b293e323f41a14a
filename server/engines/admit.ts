import { createChannel } from '../../core/channel.ts';
import { toAppError } from '../../core/errors.ts';
import type { Recognizer, Responder, Synthesizer } from '../../core/stages/stage.ts';
import type { Gate } from './gate.ts';

/** What was measured of one call. */
export interface CallTimes {
  /** `ok`, or the code of the failure. */
  outcome: string;
  waitedMs: number;
  /** From the begin of the work to the first item; undefined where none came. */
  firstMs: number | undefined;
  totalMs: number;
}

export interface Admission {
  gate: Gate;
  /** Whoever shares one place in the queue. */
  owner: string;
  observe: (times: CallTimes) => void;
}

/** Stages as one owner may use them: every call waits at the gate, and leaves it when its stream ends. */

export function admitRecognizer(stage: Recognizer, admission: Admission): Recognizer {
  return {
    ...stage,
    transcribe: (audio, options, signal) =>
      admitted(admission, signal, () => stage.transcribe(audio, options, signal)),
  };
}

export function admitResponder(stage: Responder, admission: Admission): Responder {
  return {
    ...stage,
    // Work that only saves time is left undone where somebody waits.
    prepare: (request, signal) =>
      admission.gate.waiting() > 0 ? Promise.resolve() : stage.prepare(request, signal),
    reply: (request, signal) => admitted(admission, signal, () => stage.reply(request, signal)),
  };
}

export function admitSynthesizer(stage: Synthesizer, admission: Admission): Synthesizer {
  return {
    ...stage,
    speak: (text, voice, signal) => admitted(admission, signal, () => stage.speak(text, voice, signal)),
  };
}

/** What the engine makes is read as fast as it is made: a slow reader keeps nobody waiting. */
async function* admitted<T>(
  { gate, owner, observe }: Admission,
  signal: AbortSignal,
  open: () => AsyncIterable<T>,
): AsyncGenerator<T, void, void> {
  const askedMs = performance.now();
  const leave = await gate.enter(owner, signal);
  const begunMs = performance.now();
  let unwanted = false;
  const items = createChannel<T>(() => (unwanted = true));

  async function work(): Promise<void> {
    let firstMs: number | undefined;
    let outcome = 'ok';
    try {
      for await (const item of open()) {
        firstMs ??= performance.now() - begunMs;
        if (unwanted) break;
        items.push(item);
      }
      items.close();
    } catch (error) {
      outcome = toAppError(error).code;
      items.close(error);
    } finally {
      leave();
      observe({ outcome, waitedMs: begunMs - askedMs, firstMs, totalMs: performance.now() - begunMs });
    }
  }

  void work();
  yield* items;
}
