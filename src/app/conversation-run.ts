import type { AppError } from '../../core/errors.ts';
import { toAppError } from '../../core/errors.ts';
import type { Session } from '../../core/session/session.ts';
import type { RunStatus, StageName } from '../state/conversation.ts';
import type { MicrophoneRecovery } from './microphone-recovery.ts';

const voiceStages: readonly StageName[] = ['vad', 'stt', 'llm'];
const typingStages: readonly StageName[] = ['llm'];

export interface ConversationRunDeps {
  session: Pick<Session, 'start' | 'end' | 'notify' | 'submitText'>;
  /** @throws AppError when one of the stages cannot be loaded, `aborted` when the signal fires. */
  load(stages: readonly StageName[], signal?: AbortSignal): Promise<void>;
  /** Lets sound out; to be called within a gesture of the person. Where that fails, the microphone or the clip says so. */
  openSound(): Promise<unknown>;
  recovery: MicrophoneRecovery;
  onChange: () => void;
}

/** The way of a conversation from Talk to End, and back from what breaks in between. */
export interface ConversationRun {
  state(): RunStatus['state'];
  start(): Promise<void>;
  end(): void;
  /** Loads what is missing and answers what was typed; opens the microphone only where the person was talking. */
  retry(): void;
  submitText(text: string): void;
  microphoneOpened(): void;
  /** The session has closed the microphone; this brings it back where that is possible. */
  microphoneFailed(error: AppError): void;
}

export function createConversationRun(deps: ConversationRunDeps): ConversationRun {
  const { session, load, openSound, recovery, onChange } = deps;
  let state: RunStatus['state'] = 'off';
  /** Ends what was begun to open the microphone: loading, or waiting for it to come back. */
  let attempt = new AbortController();
  /** Typed messages that wait for the language model. */
  const typed: string[] = [];

  function enter(next: RunStatus['state']): void {
    state = next;
    onChange();
  }

  function beginAttempt(): AbortSignal {
    attempt.abort();
    attempt = new AbortController();
    return attempt.signal;
  }

  function notify(error: unknown): void {
    session.notify(toAppError(error));
  }

  function fail(error: unknown): void {
    session.end();
    notify(error);
    enter('failed');
  }

  function answerTyped(): void {
    for (const text of typed.splice(0)) session.submitText(text);
  }

  /** The state stays until the microphone is really open: the browser may ask the person first. */
  async function open(opening: 'starting' | 'reconnecting'): Promise<void> {
    const signal = beginAttempt();
    enter(opening);
    const sound = openSound().catch(() => {});
    try {
      await load(voiceStages, signal);
      await sound;
      if (signal.aborted) return;
      session.start();
      answerTyped();
    } catch (error) {
      if (!signal.aborted) fail(error);
    }
  }

  async function start(): Promise<void> {
    recovery.reset();
    return open('starting');
  }

  return {
    state: () => state,
    start,
    end() {
      attempt.abort();
      recovery.reset();
      session.end();
      enter('off');
    },
    retry() {
      if (state === 'failed') void start();
      else if (state === 'reconnecting') void open('reconnecting');
      else load(state === 'off' ? typingStages : voiceStages).then(answerTyped, notify);
    },
    submitText(text) {
      openSound().catch(() => {});
      typed.push(text);
      load(typingStages).then(answerTyped, notify);
    },
    microphoneOpened() {
      recovery.opened();
      if (state === 'starting' || state === 'reconnecting') enter('on');
    },
    microphoneFailed(error) {
      const signal = beginAttempt();
      const back = recovery.after(error, signal);
      if (back === undefined) return enter('failed');
      enter('reconnecting');
      back.then(
        () => (signal.aborted ? undefined : open('reconnecting')),
        (failure: unknown) => (signal.aborted ? undefined : fail(failure)),
      );
    },
  };
}
