import { letGo } from '../abortable.ts';
import type { Pcm } from '../audio/pcm.ts';
import type { Clock } from '../clock.ts';
import { AppError, toAppError } from '../errors.ts';
import type { Settings } from '../settings/settings.ts';
import type { Player } from '../stages/player.ts';
import type { SpeechSource } from '../stages/speech-source.ts';
import type {
  ChatMessage,
  Recognizer,
  ReplyPart,
  ReplyRequest,
  Responder,
  Synthesizer,
  ToolCall,
  UtterancePart,
} from '../stages/stage.ts';
import type { TurnDetector } from '../stages/turn-detector.ts';
import { createClauseSplitter } from '../text/clauses.ts';
import type { Toolbox } from '../tools/tool.ts';
import type { Effect, Sound } from '../turn/effects.ts';
import type { Fact, TurnEvent, WaitName } from '../turn/events.ts';
import { createPauseJudge } from './judge-pause.ts';
import { createSounds } from './sounds.ts';

/** The stages of one conversation and what they need beside them. */
export interface SessionDeps {
  clock: Clock;
  source: SpeechSource;
  recognizer: Recognizer;
  responder: Responder;
  synthesizer: Synthesizer;
  turnDetector: TurnDetector;
  player: Player;
  toolbox: Toolbox;
  /** Instructions for the language model. They change with the settings only, so that its cache stays valid. */
  systemPrompt(settings: Settings): string;
}

/** A spoken reply is one or two sentences; this bounds a model that does not stop. */
export const MAX_REPLY_TOKENS = 512;

/** Bounds a responder that ignores the token limit. About ten minutes of speech. */
export const MAX_REPLY_CHARACTERS = 10_000;

/** One for all turns: an error of its own would be made while the person waits for the next answer. */
const CANCELLED = new AppError('aborted', 'The work was cancelled.');

/**
 * Carries out effects and reports what became of them. Everything it starts ends with the signal of its turn, its
 * utterance or the microphone.
 */
export function createPerformer(
  deps: SessionDeps,
  settings: () => Settings,
  dispatch: (event: TurnEvent) => void,
): { perform(effect: Effect): void; dispose(): void } {
  const { clock, source, recognizer, responder, synthesizer, turnDetector, player, toolbox } = deps;
  const audio = new Map<number, AsyncIterable<UtterancePart>>();
  const sounds = createSounds();
  const transcriptions = new Map<number, AbortController>();
  const waits = new Map<WaitName, () => void>();
  const life = new AbortController();
  let preparing = new AbortController();
  let microphone: AbortController | undefined;
  /** Of the pause that is being told, until somebody judges it. */
  let pauseAudio: AsyncIterable<Pcm> | undefined;
  /** A source counts its utterances from 1 at each opening; here they are told apart for good. */
  let utterances = { before: 0, latest: 0 };
  let work = { turn: -1, controller: new AbortController() };

  const report = (fact: Fact): void => dispatch({ ...fact, atMs: clock.nowMs() });
  const judge = createPauseJudge(turnDetector, report);

  /** The signal of a turn's work; the first effect of a new turn makes it. */
  function signalOf(turn: number): AbortSignal {
    if (work.turn !== turn) work = { turn, controller: new AbortController() };
    return work.controller.signal;
  }

  async function listen(signal: AbortSignal): Promise<void> {
    utterances = { before: utterances.latest, latest: utterances.latest };
    const { before } = utterances;
    try {
      for await (const counted of source.events(signal)) {
        if (signal.aborted) return;
        const event = { ...counted, utterance: counted.utterance + before };
        utterances.latest = Math.max(utterances.latest, event.utterance);
        if (event.type === 'speech.started') {
          const { audio: stream, ...fact } = event;
          const { utterance } = event;
          const hears = responder.hears === true;
          audio.set(utterance, hears ? sounds.keep(utterance, stream) : stream);
          dispatch(hears ? { ...fact, hears } : fact);
        } else if (event.type === 'speech.paused') {
          const { audio: stream, ...fact } = event;
          pauseAudio = stream;
          dispatch(fact);
          if (pauseAudio !== undefined) letGo(pauseAudio);
          pauseAudio = undefined;
        } else dispatch(event);
      }
    } catch (error) {
      if (!signal.aborted) report({ type: 'microphone.failed', error: toAppError(error, 'mic.lost') });
    }
  }

  async function transcribe(utterance: number): Promise<void> {
    const stream = audio.get(utterance);
    audio.delete(utterance);
    if (stream === undefined) return;
    const controller = new AbortController();
    transcriptions.set(utterance, controller);
    let pauses = 0;
    try {
      const { language } = settings();
      for await (const transcript of recognizer.transcribe(stream, { language }, controller.signal)) {
        if (controller.signal.aborted) return;
        if (transcript.settled) pauses += 1;
        const { settled, ...words } = transcript;
        report({ type: 'transcript.updated', utterance, ...words, pauses: settled ? pauses : 0 });
      }
    } catch (error) {
      if (!controller.signal.aborted)
        report({ type: 'recognition.failed', utterance, error: toAppError(error) });
    } finally {
      transcriptions.delete(utterance);
    }
  }

  function forgetUtterance(utterance: number): void {
    transcriptions.get(utterance)?.abort();
    const unread = audio.get(utterance);
    if (unread !== undefined) letGo(unread);
    audio.delete(utterance);
  }

  /** Lets the model read the conversation while the person speaks. What goes wrong, the reply will say. */
  function prepare(messages: readonly ChatMessage[]): void {
    preparing.abort();
    preparing = new AbortController();
    void responder.prepare(request(messages), preparing.signal).catch(() => {});
  }

  function request(messages: readonly ChatMessage[]): ReplyRequest {
    return {
      messages: [{ role: 'system', content: deps.systemPrompt(settings()) }, ...messages],
      tools: toolbox.descriptions,
      maxTokens: MAX_REPLY_TOKENS,
    };
  }

  /** Once the sound of the last message is there. */
  async function* replyToSound(
    messages: readonly ChatMessage[],
    sound: Sound,
    signal: AbortSignal,
  ): AsyncGenerator<ReplyPart> {
    const heard = await sounds.put(messages, sound, signal);
    yield* responder.reply(request(responder.hears === true ? heard : messages), signal);
  }

  /** Tells of a reply as it is written, cut into clauses. */
  async function reply(
    turn: number,
    write: (signal: AbortSignal) => AsyncIterable<ReplyPart> | Iterable<ReplyPart>,
  ): Promise<void> {
    const signal = signalOf(turn);
    const splitter = createClauseSplitter({ language: settings().language });
    let length = 0;
    try {
      for await (const part of write(signal)) {
        if (signal.aborted) return;
        if (part.type === 'toolCall') {
          const { call } = part;
          report({ type: 'reply.toolCall', turn, call, sideEffect: toolbox.hasSideEffect(call.name) });
          continue;
        }
        report({ type: 'reply.delta', turn, text: part.text });
        for (const clause of splitter.push(part.text)) report({ type: 'reply.clause', turn, clause });
        length += part.text.length;
        if (length > MAX_REPLY_CHARACTERS) break;
      }
      for (const clause of splitter.end()) report({ type: 'reply.clause', turn, clause });
      report({ type: 'reply.ended', turn });
    } catch (error) {
      if (!signal.aborted) report({ type: 'reply.failed', turn, error: toAppError(error) });
    }
  }

  async function runTool(turn: number, call: ToolCall): Promise<void> {
    const signal = signalOf(turn);
    try {
      const content = await toolbox.run(call, signal);
      report({ type: 'tool.finished', turn, call, content });
    } catch (error) {
      if (!signal.aborted) report({ type: 'reply.failed', turn, error: toAppError(error, 'tool.failed') });
    }
  }

  async function followPlayback(signal: AbortSignal): Promise<void> {
    for await (const event of player.events(signal)) {
      dispatch('atMs' in event ? event : { ...event, atMs: clock.nowMs() });
    }
  }
  void followPlayback(life.signal);

  function perform(effect: Effect): void {
    switch (effect.type) {
      case 'openMicrophone':
        microphone?.abort();
        microphone = new AbortController();
        void listen(microphone.signal);
        return;
      case 'closeMicrophone':
        microphone?.abort();
        return;
      case 'setMuted':
        return source.setMuted(effect.muted);
      case 'setPlayback':
        return source.setPlayback(effect.active);
      case 'transcribe':
        void transcribe(effect.utterance);
        return;
      case 'cancelTranscription':
        return forgetUtterance(effect.utterance);
      case 'closeUtterance':
        if (effect.utterance > utterances.before) source.close(effect.utterance - utterances.before);
        if (audio.has(effect.utterance)) forgetUtterance(effect.utterance);
        return;
      case 'wait': {
        const { wait, ms } = effect;
        waits.get(wait)?.();
        waits.set(
          wait,
          clock.after(ms, () => report({ type: 'wait.elapsed', wait })),
        );
        return;
      }
      case 'cancelWait':
        waits.get(effect.wait)?.();
        if (effect.wait === 'endpoint') judge.end();
        return;
      case 'reply': {
        const { turn, messages, sound } = effect;
        const asked = request(messages);
        if (sound === undefined) void reply(turn, (signal) => responder.reply(asked, signal));
        else void reply(turn, (signal) => replyToSound(messages, sound, signal));
        return;
      }
      case 'recite': {
        const { turn, text } = effect;
        void reply(turn, () => [{ type: 'text', text }]);
        return;
      }
      case 'prepare':
        return prepare(effect.messages);
      case 'judge': {
        const { utterance, pauses } = effect;
        const { language } = settings();
        if (pauseAudio !== undefined) void judge.begin({ utterance, pauses, audio: pauseAudio, language });
        pauseAudio = undefined;
        return;
      }
      case 'judgeWords':
        return judge.tell(effect.words);
      case 'runTool':
        void runTool(effect.turn, effect.call);
        return;
      case 'speak': {
        const { turn, clause, text, voice } = effect;
        return player.enqueue({ turn, clause, audio: synthesizer.speak(text, voice, signalOf(turn)) });
      }
      case 'cancelTurn':
        if (work.turn === effect.turn) work.controller.abort(CANCELLED);
        return player.stop(effect.turn);
      case 'hold':
        return player.hold(effect.turn);
      case 'release':
        return player.release(effect.turn);
      case 'duck':
        return player.duck();
      case 'unduck':
        return player.unduck();
    }
  }

  return {
    perform,
    dispose() {
      life.abort();
      microphone?.abort();
      work.controller.abort();
      judge.end();
      preparing.abort();
      for (const controller of transcriptions.values()) controller.abort();
      for (const cancel of waits.values()) cancel();
    },
  };
}
