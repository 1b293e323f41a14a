import { heardSoFar, joinTexts } from '../turn/reply-steps.ts';
import type { Reply, TurnState } from '../turn/state.ts';
import type { ConversationView, PhaseName, ViewMessage, ViewTimer } from './view.ts';

/** Past exchanges change rarely and views are made at every token: their messages are made once. */
const pastMessages = new WeakMap<TurnState['history'], ViewMessage[]>();

/** What the page shows of a state. */
export function viewOf(state: TurnState, timers: readonly ViewTimer[]): ConversationView {
  const { phase, muted, notices } = state;
  const trace = state.trace.firstAudibleMs === undefined ? state.lastTrace : state.trace;
  return {
    phase: phaseName(state),
    muted,
    ducked: (phase.name === 'speaking' || phase.name === 'thinking') && phase.interruption !== undefined,
    messages: [...past(state.history), ...present(state)],
    notices,
    timers,
    ahead: state.ahead,
    ...(trace?.firstAudibleMs === undefined ? {} : { trace }),
  };
}

/** A turn that is due only waits for its words: to the person, that is thinking. */
function phaseName({ phase }: TurnState): PhaseName {
  return phase.name === 'deciding' && phase.due ? 'thinking' : phase.name;
}

function past(history: TurnState['history']): ViewMessage[] {
  const known = pastMessages.get(history);
  if (known !== undefined) return known;
  const messages = history.flatMap(({ user, steps, answer }, position): ViewMessage[] => {
    const asked: ViewMessage[] =
      user === '' ? [] : [{ id: `${position}u`, role: 'user', text: user, state: 'final' }];
    if (answer === undefined) return asked;
    const { text, heard, interrupted } = answer;
    const state = interrupted ? 'interrupted' : 'final';
    return [...asked, { id: `${position}a`, role: 'assistant', text, state, heard, ...toolsOf(steps) }];
  });
  pastMessages.set(history, messages);
  return messages;
}

/** The exchange under way gets the ids it will keep in the history. */
function present(state: TurnState): ViewMessage[] {
  const { phase } = state;
  const position = state.history.length;
  switch (phase.name) {
    case 'hearing':
    case 'deciding': {
      const text = joinTexts([...phase.earlier, phase.utterance]);
      if (phase.held === undefined) return user(text, true, position);
      return [
        ...user(phase.held.userText, false, position),
        ...assistant(phase.held, position),
        ...user(text, true, position + 1),
      ];
    }
    case 'thinking':
    case 'speaking':
      return [...user(phase.reply.userText, false, position), ...assistant(phase.reply, position)];
    default:
      return [];
  }
}

function user(text: string, partial: boolean, position: number): ViewMessage[] {
  return text === ''
    ? []
    : [{ id: `${position}u`, role: 'user', text, state: partial ? 'partial' : 'final' }];
}

function assistant(reply: Reply, position: number): ViewMessage[] {
  if (reply.text === '') return [];
  const heard = heardSoFar(reply);
  return [
    {
      id: `${position}a`,
      role: 'assistant',
      text: reply.text,
      state: 'partial',
      heard,
      ...toolsOf(reply.steps),
    },
  ];
}

function toolsOf(steps: Reply['steps']): { tools?: string[] } {
  const tools = steps.flatMap((message) => (message.role === 'tool' ? [message.name] : []));
  return tools.length === 0 ? {} : { tools };
}
