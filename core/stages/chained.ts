import { toAppError } from '../errors.ts';
import type { Chain } from './first-that-works.ts';
import type { Recognizer, ReplyPart, ReplyRequest, Responder, Synthesizer } from './stage.ts';

/** A stage of several engines: the session keeps its one reference while another engine takes over between two turns. */
export function chainedRecognizer(chain: Chain<Recognizer>): Recognizer {
  return {
    ...chain.lifeCycle,
    transcribe: (audio, options, signal) =>
      chain.stream(signal, (stage) => stage.transcribe(audio, options, signal)),
  };
}

export function chainedResponder(chain: Chain<Responder>): Responder {
  return {
    ...chain.lifeCycle,
    get hears() {
      return chain.stage().hears === true;
    },
    prepare: (request, signal) => chain.run(signal, (stage) => stage.prepare(request, signal)),
    reply: (request, signal) => replyOf(chain, request, signal),
  };
}

/** A request is whole: where an engine fails before a word of its answer, whoever took over answers it in the same turn. */
async function* replyOf(
  chain: Chain<Responder>,
  request: ReplyRequest,
  signal: AbortSignal,
): AsyncGenerator<ReplyPart, void, void> {
  const ask = () => chain.stream(signal, (stage) => stage.reply(request, signal));
  let begun = false;
  try {
    for await (const part of ask()) {
      begun = true;
      yield part;
    }
  } catch (error) {
    if (begun || toAppError(error).code !== 'stage.moved') throw error;
    yield* ask();
  }
}

/**
 * What it speaks is handed on unread, from thread to thread, so a failure is seen by the death of the engine's thread
 * only: every engine that breaks ends its thread.
 */
export function chainedSynthesizer(chain: Chain<Synthesizer>): Synthesizer {
  return {
    ...chain.lifeCycle,
    speak: (text, voice, signal) => chain.stage().speak(text, voice, signal),
  };
}
