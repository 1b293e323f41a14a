import { proxy } from 'comlink';
import type { Recognizer, Responder, SpeechResponder, Stage, Synthesizer } from '../core/stages/stage.ts';
import type { Pause, TurnDetector } from '../core/stages/turn-detector.ts';
import type { Configurable, WorkerBridge } from './worker-bridge.ts';

/** A stage as its worker exposes it: configured first, loaded by itself where nobody did. */
export type Hosted<S extends Stage, Config> = S & Configurable<Config>;

/** The recogniser behind a bridge. Pass the audio on as it came from the VAD, and it goes from worker to worker. */
export function remoteRecognizer<Config>(bridge: WorkerBridge<Hosted<Recognizer, Config>>): Recognizer {
  return {
    ...remoteLifeCycle(bridge),
    transcribe: (audio, options, signal) => bridge.stream('transcribe', audio, options, signal),
  };
}

export function remoteResponder<Config>(bridge: WorkerBridge<ResponderHost<Config>>): Responder {
  return {
    ...remoteLifeCycle(bridge),
    prepare: (request, signal) => bridge.call('prepare', request, signal),
    reply: (request, signal) => bridge.stream('reply', request, signal),
  };
}

/** What a responder's worker exposes; whether it hears is known on this side. */
type ResponderHost<Config> = Omit<Hosted<Responder, Config>, 'hears'>;

/** A responder that hears, behind a bridge: the audio of a message is copied to its worker. */
export function remoteSpeechResponder<Config>(bridge: WorkerBridge<ResponderHost<Config>>): SpeechResponder {
  return { ...remoteResponder(bridge), hears: true };
}

/** The synthesizer behind a bridge. `takePort` on what it speaks lets a worklet play it without this thread. */
export function remoteSynthesizer<Config>(bridge: WorkerBridge<Hosted<Synthesizer, Config>>): Synthesizer {
  return {
    ...remoteLifeCycle(bridge),
    speak: (text, voice, signal) => bridge.stream('speak', text, voice, signal),
  };
}

/** A turn detector as its worker exposes it: the streams of a pause are arguments, so that each crosses as a port. */
export interface TurnHost<Config> extends Stage, Configurable<Config> {
  judge(
    audio: Pause['audio'],
    words: Pause['words'],
    language: Pause['language'],
    signal: AbortSignal,
  ): AsyncIterable<number>;
}

/** The turn detector behind a bridge. Pass the audio on as it came from the VAD, and it goes from worker to worker. */
export function remoteTurnDetector<Config>(bridge: WorkerBridge<TurnHost<Config>>): TurnDetector {
  return {
    ...remoteLifeCycle(bridge),
    judge: ({ audio, words, language }, signal) => bridge.stream('judge', audio, words, language, signal),
  };
}

/** Life cycle of a stage behind a bridge. */
export function remoteLifeCycle(bridge: WorkerBridge<Stage>): Stage {
  return {
    describe: () => bridge.call('describe'),
    async load(onProgress, signal) {
      try {
        await bridge.call('load', proxy(onProgress), signal);
      } catch (error) {
        // A runtime that failed once may keep failing in its thread; the next attempt gets a fresh one.
        if (!signal.aborted) bridge.terminate();
        throw error;
      }
    },
    dispose: () => bridge.call('dispose'),
  };
}
