import type { ViewMessage } from '../../core/session/view.ts';
import type { ControlState } from './control.ts';
import { splitHeard } from './heard.ts';

/** Per message id: how many characters have been announced; −1 once the message is done. */
export type Announced = ReadonlyMap<string, number>;

export interface Announcements {
  lines: string[];
  announced: Announced;
}

/**
 * What a screen reader is told of new messages: a person's words when they are final, the reply sentence by sentence as
 * each is finished, never tokens.
 */
export function announceMessages(messages: readonly ViewMessage[], before: Announced): Announcements {
  const announced = new Map<string, number>();
  const lines: string[] = [];
  for (const message of messages) {
    const from = before.get(message.id) ?? 0;
    const next = from < 0 ? { to: from } : advance(message, from);
    if (next.line) lines.push(next.line);
    announced.set(message.id, next.to);
  }
  return { lines, announced };
}

function advance(message: ViewMessage, from: number): { to: number; line?: string } {
  const speaker = message.role === 'user' ? 'You' : 'Parley';
  const prefix = from === 0 ? `${speaker}: ` : '';
  if (message.state === 'partial') {
    const to = message.role === 'user' ? from : endOfSentences(message.text, from);
    return to > from ? { to, line: prefix + message.text.slice(from, to).trim() } : { to: from };
  }
  const text = message.state === 'interrupted' ? splitHeard(message).heard : message.text;
  const rest = text.slice(from).trim();
  const ending = message.state === 'interrupted' ? 'Interrupted.' : '';
  const line = [rest && prefix + rest, ending].filter(Boolean).join(' ');
  return line ? { to: -1, line } : { to: -1 };
}

/** Index after the last sentence end that is followed by space: "3.5" and an unfinished "Dr" stay whole. */
function endOfSentences(text: string, from: number): number {
  let end = from;
  for (const match of text.slice(from).matchAll(/[.!?…。！？]["'”’)\]]*(?=\s)/g)) {
    end = from + match.index + match[0].length;
  }
  return end;
}

const spokenStates: Partial<Record<ControlState, string>> = {
  loading: 'Loading the models.',
  muted: 'Microphone muted.',
  reconnecting: 'Reconnecting.',
  failed: 'Something went wrong.',
};

/** Announces changes of the whole conversation; the phases within a turn would only talk over it. */
export function announceState(before: ControlState, now: ControlState): string | undefined {
  if (before === now) return undefined;
  const opened = before === 'idle' || before === 'loading' || before === 'reconnecting' || before === 'muted';
  if (opened && (now === 'listening' || now === 'ready')) return 'Listening.';
  if (now === 'idle') return 'Conversation ended. The microphone is off.';
  return spokenStates[now];
}
