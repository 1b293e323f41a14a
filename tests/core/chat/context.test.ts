import { describe, expect, it } from 'vitest';
import { fitContext } from '../../../core/chat/context.ts';
import type { ChatMessage } from '../../../core/stages/stage.ts';

const system: ChatMessage = { role: 'system', content: 'Be brief.' };

/** Two messages an exchange; with a tool, four. */
function exchange(number: number, withTool = false): ChatMessage[] {
  const id = `call ${number}`;
  const tool: ChatMessage[] = [
    { role: 'assistant', content: '', toolCalls: [{ id, name: 'get_time', arguments: {} }] },
    { role: 'tool', callId: id, name: 'get_time', content: '{}' },
  ];
  return [
    { role: 'user', content: `question ${number}` },
    ...(withTool ? tool : []),
    { role: 'assistant', content: `answer ${number}` },
  ];
}

const talk = (count: number) => [
  system,
  ...Array.from({ length: count }, (_, index) => exchange(index + 1)).flat(),
];
/** Ten tokens a message. */
const countTokens = (messages: readonly ChatMessage[]) => messages.length * 10;
const fit = (messages: readonly ChatMessage[], limit: number) => fitContext(messages, { countTokens, limit });

describe('a conversation in a context window', () => {
  it('[HIST-4] is unchanged while it fits', () => {
    const messages = talk(3);
    expect(fit(messages, 70)).toBe(messages);
  });

  it('[HIST-4] loses its oldest exchanges and keeps the system message', () => {
    expect(fit(talk(3), 69)).toEqual([system, ...exchange(2), ...exchange(3)]);
    expect(fit(talk(3), 30)).toEqual([system, ...exchange(3)]);
  });

  it('[HIST-4] never parts a tool call from its result', () => {
    const messages = [system, ...exchange(1, true), ...exchange(2, true), ...exchange(3)];
    expect(fit(messages, 100)).toEqual([system, ...exchange(2, true), ...exchange(3)]);
    expect(fit(messages, 60)).toEqual([system, ...exchange(3)]);
  });

  it('[HIST-4] keeps the last exchange even where it alone is too long', () => {
    expect(fit(talk(3), 5)).toEqual([system, ...exchange(3)]);
    expect(fit([{ role: 'user', content: 'hello' }], 5)).toEqual([{ role: 'user', content: 'hello' }]);
    expect(fit([], 0)).toEqual([]);
    expect(fit([system], 0)).toEqual([system]);
  });

  it('[HIST-5] begins with the same messages for several turns when it is long', () => {
    const limit = 10 + 12 * 20;
    const beginnings = Array.from({ length: 40 }, (_, turns) => fit(talk(turns + 1), limit)[1]?.content);
    for (let turn = 0; turn < 40; turn++)
      expect(countTokens(fit(talk(turn + 1), limit))).toBeLessThanOrEqual(limit);
    expect(new Set(beginnings).size).toBe(8);
  });
});
