import type { ChatMessage } from '../stages/stage.ts';

/** What the assistant said in answer: `heard` is what reached the person, and all that the model is told it said. */
export interface Answer {
  text: string;
  heard: string;
  interrupted: boolean;
}

/** One user turn with everything that answered it. */
export interface Exchange {
  /** Empty where the assistant spoke by itself. */
  user: string;
  /** Tool calls and their results, alternating assistant and tool messages. */
  steps: readonly ChatMessage[];
  /** Absent while nothing was answered. */
  answer?: Answer;
  /** Said about the talking itself, such as "stop": the model is not told. */
  aside?: true;
}

/**
 * The conversation as the model sees it. An interrupted answer is what was heard, with three dots (a small model may not know the one sign); one of which
 * nothing was heard is left out, and user turns that then follow one another become one message, because many chat
 * templates insist on alternating roles. What was said aside is not there.
 */
export function toMessages(history: readonly Exchange[]): ChatMessage[] {
  const messages: ChatMessage[] = [];
  for (const { user, steps, answer, aside } of history) {
    if (aside === true) continue;
    const last = messages.at(-1);
    if (user !== '' && last?.role === 'user')
      messages[messages.length - 1] = { role: 'user', content: `${last.content} ${user}` };
    else if (user !== '') messages.push({ role: 'user', content: user });
    messages.push(...steps);
    if (answer !== undefined && answer.heard !== '') {
      messages.push({ role: 'assistant', content: answer.interrupted ? `${answer.heard}...` : answer.heard });
    }
  }
  return messages;
}
