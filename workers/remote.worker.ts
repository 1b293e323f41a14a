import '../core/no-eval.ts';
import { exposeHost } from '../boundary/host.ts';
import type { Hosted } from '../boundary/remote-stages.ts';
import { AppError } from '../core/errors.ts';
import type { Recognizer, Responder, Synthesizer } from '../core/stages/stage.ts';
import { createOpenAiRecognizer, createOpenAiResponder, createOpenAiSynthesizer } from '../engines/openai.ts';
import type { OpenAiConfig } from '../engines/openai.ts';

/** One stage on a server; which one is decided by what is called. */
export type RemoteHost = Hosted<Recognizer & Omit<Responder, 'hears'> & Synthesizer, OpenAiConfig>;

interface Stages {
  recognizer: Recognizer;
  responder: Responder;
  synthesizer: Synthesizer;
}

let configured: Stages | undefined;

function stages(): Stages {
  if (!configured) throw new AppError('engine.failed', 'The worker was used before it was configured.');
  return configured;
}

const api: RemoteHost = {
  configure(config) {
    configured = {
      recognizer: createOpenAiRecognizer(config),
      responder: createOpenAiResponder(config),
      synthesizer: createOpenAiSynthesizer(config),
    };
  },
  describe: async () => stages().recognizer.describe(),
  load: async (onProgress, signal) => stages().recognizer.load(onProgress, signal),
  dispose: async () => stages().recognizer.dispose(),
  transcribe: (audio, options, signal) => stages().recognizer.transcribe(audio, options, signal),
  prepare: async (request, signal) => stages().responder.prepare(request, signal),
  reply: (request, signal) => stages().responder.reply(request, signal),
  async *speak(text, voice, signal) {
    try {
      yield* stages().synthesizer.speak(text, voice, signal);
    } catch (error) {
      // Speech is handed on unread: that the server failed, the page learns by the end of this thread.
      if (!signal.aborted) setTimeout(() => self.close());
      throw error;
    }
  },
};

exposeHost(api);
