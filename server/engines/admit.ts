import type { Recognizer, Responder, Synthesizer } from '../../core/stages/stage.ts';
import type { Gate } from './gate.ts';

/** Stages as one owner may use them: every call waits at the gate, and leaves it when its stream ends. */

export function admitRecognizer(stage: Recognizer, gate: Gate, owner: string): Recognizer {
  return {
    ...stage,
    transcribe: (audio, options, signal) =>
      admitted(gate, owner, signal, () => stage.transcribe(audio, options, signal)),
  };
}

export function admitResponder(stage: Responder, gate: Gate, owner: string): Responder {
  return {
    ...stage,
    // Work that only saves time is left undone where somebody waits.
    prepare: (request, signal) => (gate.waiting() > 0 ? Promise.resolve() : stage.prepare(request, signal)),
    reply: (request, signal) => admitted(gate, owner, signal, () => stage.reply(request, signal)),
  };
}

export function admitSynthesizer(stage: Synthesizer, gate: Gate, owner: string): Synthesizer {
  return {
    ...stage,
    speak: (text, voice, signal) => admitted(gate, owner, signal, () => stage.speak(text, voice, signal)),
  };
}

async function* admitted<T>(
  gate: Gate,
  owner: string,
  signal: AbortSignal,
  open: () => AsyncIterable<T>,
): AsyncGenerator<T, void, void> {
  const leave = await gate.enter(owner, signal);
  try {
    yield* open();
  } finally {
    leave();
  }
}
