import type { Clock } from '../../core/clock.ts';
import { systemPrompt } from '../../core/chat/system-prompt.ts';
import { createSession } from '../../core/session/session.ts';
import type { ConversationView } from '../../core/session/view.ts';
import type { Responder, ToolCall } from '../../core/stages/stage.ts';
import { apologising } from '../engines/apology.ts';
import type { CallerStages } from '../engines/engines.ts';
import { createClientTools } from './client-tools.ts';
import type { Responses } from './responses.ts';
import { onlyListens, settingsOf } from './session-config.ts';
import type { SessionConfig } from './session-config.ts';
import { createSocketPlayer } from './socket-player.ts';
import type { SocketSource } from './socket-source.ts';
import type { SpokenItems } from './spoken-items.ts';

export interface ConversationDeps {
  clock: Clock;
  stages: CallerStages;
  source: SocketSource;
  spokenItems: SpokenItems;
  responses: Responses;
  /** Something went wrong outside a response. */
  onError: (code: string, message: string) => void;
}

/** The session of core with a client at the other end: its view is told as events of the protocol. */
export interface Conversation {
  /** Listens where the configuration says so. */
  configure(config: SessionConfig): void;
  /** Answers words that are known. */
  answer(text: string): void;
  /** Hands results of tools to the model. @returns whether it waited for any */
  goOn(): boolean;
  keepResult(callId: string, output: string): boolean;
  cancel(): void;
  truncate(heardMs: number): void;
  dispose(): void;
}

export function createConversation(deps: ConversationDeps, initial: SessionConfig): Conversation {
  const { clock, stages, source, spokenItems, responses } = deps;
  let config = initial;
  /** Messages of the view that are over and told. */
  let told = 0;
  /** Characters of the present answer that were told in earlier responses, and in all. */
  let textTold = 0;
  let cancelledByClient = false;
  let typed = false;
  let roundOpen = false;
  let dismissing = false;
  let hearing = false;
  /** The message that the latest response answers, and whether results of tools have come since. */
  let begunFor = -1;
  let resumed = false;

  const tools = createClientTools(
    () => config.tools,
    (call: ToolCall) => {
      responses.call(call);
      // Other calls of the same round come in this task.
      setImmediate(settleRound);
    },
  );

  const player = createSocketPlayer({
    nowMs: () => clock.nowMs(),
    send: (samples) => responses.sound(samples),
    onIdle: settleRound,
  });

  const answering = stages.apologises
    ? apologising(
        stages.responder,
        () => settingsOf(config).language,
        ({ code, message }) => deps.onError(code, message),
      )
    : stages.responder;

  /** Notices the end of each round of the model, which the view does not show. */
  const responder: Responder = {
    ...answering,
    async *reply(request, signal) {
      roundOpen = true;
      try {
        yield* answering.reply(request, signal);
      } finally {
        roundOpen = false;
        setImmediate(settleRound);
      }
    },
  };

  const session = createSession(
    {
      clock,
      source,
      player,
      responder,
      recognizer: stages.recognizer,
      synthesizer: stages.synthesizer,
      turnDetector: stages.turnDetector,
      toolbox: tools.toolbox,
      systemPrompt: ({ language }) => config.instructions || systemPrompt({ language }),
    },
    settingsOf(config),
  );

  /** A response that asked for tools ends when the model has said all that goes with the calls. */
  function settleRound(): void {
    if (tools.waiting() > 0 && !roundOpen && !player.busy()) responses.end({ status: 'completed' });
  }

  function tell(): void {
    if (dismissing) return;
    const view = session.view();
    for (const message of view.messages.slice(told)) {
      if (message.role === 'user') {
        if (message.state === 'partial') spokenItems.words(message.text);
        else if (!typed) spokenItems.committed(message.text);
        typed = typed && message.state === 'partial';
        if (message.state === 'partial') break;
        told += 1;
        continue;
      }
      responses.text(message.text.slice(textTold));
      textTold = message.text.length;
      if (message.state === 'partial') continue;
      endResponse(message.state === 'interrupted' ? message.heard : undefined);
      told += 1;
      textTold = 0;
    }
    const answering = view.phase === 'thinking' && isAnswering(view);
    if (answering && tools.waiting() === 0) {
      responses.begin();
      begunFor = told - 1;
      resumed = false;
    }
    if (answersNothing(view)) endUnanswered(view);
    const hears =
      view.phase === 'hearing' || view.phase === 'deciding' || (view.phase === 'thinking' && !answering);
    // What was heard turned out to be no words.
    if (hearing && !hears) spokenItems.dropped();
    hearing = hears;
    tellNotices(view);
  }

  /** In the same phase a turn may be waiting for its last words. */
  function isAnswering({ messages }: ConversationView): boolean {
    const waits = messages.slice(told).some(({ role, state }) => role === 'user' && state === 'partial');
    return (
      !waits && messages[told - 1]?.role === 'user' && (told - 1 > begunFor || responses.isOpen() || resumed)
    );
  }

  function endResponse(heard: string | undefined): void {
    if (heard === undefined) return responses.end({ status: 'completed' });
    responses.end(
      { status: 'cancelled', reason: cancelledByClient ? 'client_cancelled' : 'turn_detected' },
      heard,
    );
    cancelledByClient = false;
  }

  /** The turn is over, and no word was said in answer. */
  function answersNothing({ phase, messages }: ConversationView): boolean {
    const answered = messages.slice(told).some(({ role }) => role === 'assistant');
    return responses.isOpen() && phase !== 'thinking' && !answered;
  }

  function endUnanswered(view: ConversationView): void {
    const [notice] = view.notices;
    if (notice === undefined) return endResponse('');
    const { code, message } = notice;
    responses.end({ status: 'failed', error: { type: 'server_error', code, message } });
  }

  /** A notice that is told is dismissed: the same one may come again. */
  function tellNotices({ notices }: ConversationView): void {
    for (const { code, message } of notices) deps.onError(code, message);
    dismissing = true;
    for (const _notice of notices) session.dismissNotice(0);
    dismissing = false;
  }

  session.subscribe(tell);

  return {
    configure(next) {
      config = next;
      session.applySettings(settingsOf(config));
      if (onlyListens(config)) session.end();
      else session.start();
    },
    answer(text) {
      typed = true;
      session.submitText(text);
    },
    goOn() {
      resumed = tools.handOver();
      return resumed;
    },
    keepResult: tools.keepResult,
    cancel() {
      cancelledByClient = true;
      session.stop();
    },
    truncate: player.truncate,
    dispose() {
      session.dispose();
      player.dispose();
    },
  };
}
