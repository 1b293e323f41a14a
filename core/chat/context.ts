import type { ChatMessage } from '../stages/stage.ts';

/** Exchanges dropped at a time from a long conversation, so that the cut stays put for a few turns. */
const DROP_STEP = 4;

/**
 * Makes a conversation fit a context window of `limit` tokens by leaving out its oldest exchanges: a user message with
 * everything up to the next one, so a tool call is never parted from its result. System messages stay, and so does the
 * last exchange even if it alone is too long. A long conversation loses several exchanges at once: for the next turns
 * it then begins with the same messages, and a model's cache of them stays valid.
 */
export function fitContext(
  messages: readonly ChatMessage[],
  budget: { countTokens(messages: readonly ChatMessage[]): number; limit: number },
): readonly ChatMessage[] {
  const fits = (candidate: readonly ChatMessage[]): boolean => budget.countTokens(candidate) <= budget.limit;
  if (fits(messages)) return messages;
  const system = messages.filter((message) => message.role === 'system');
  const exchanges = exchangesOf(messages);
  const last = Math.max(0, exchanges.length - 1);
  const step = exchanges.length > 2 * DROP_STEP ? DROP_STEP : 1;
  const without = (steps: number): ChatMessage[] => [
    ...system,
    ...exchanges.slice(Math.min(last, steps * step)).flat(),
  ];
  // Counting tokens means writing the whole prompt: few candidates are tried, by bisection.
  let tooFew = 0;
  let enough = Math.ceil(last / step);
  while (enough - tooFew > 1) {
    const middle = Math.floor((tooFew + enough) / 2);
    if (fits(without(middle))) enough = middle;
    else tooFew = middle;
  }
  return without(enough);
}

/** Splits before each user message; what stands before the first belongs to the first. */
function exchangesOf(messages: readonly ChatMessage[]): ChatMessage[][] {
  const exchanges: ChatMessage[][] = [];
  for (const message of messages) {
    if (message.role === 'system') continue;
    const open = exchanges.at(-1);
    if (open === undefined || message.role === 'user') exchanges.push([message]);
    else open.push(message);
  }
  return exchanges;
}
