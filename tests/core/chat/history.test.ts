import { expect, it } from 'vitest';
import { toMessages, type Exchange } from '../../../core/chat/history.ts';
import type { ChatMessage } from '../../../core/stages/stage.ts';

const asked: Exchange = { user: 'Tell me a story.', steps: [] };

it('[HIST-1] an answer is what was heard of it', () => {
  const answer = { text: 'Once upon a time.', heard: 'Once upon a time.', interrupted: false };
  expect(toMessages([{ ...asked, answer }])).toEqual([
    { role: 'user', content: 'Tell me a story.' },
    { role: 'assistant', content: 'Once upon a time.' },
  ]);
});

it('[HIST-1] an interrupted answer ends in an ellipsis', () => {
  const answer = { text: 'Once upon a time.', heard: 'Once upon', interrupted: true };
  expect(toMessages([{ ...asked, answer }]).at(-1)).toEqual({ role: 'assistant', content: 'Once upon...' });
});

it('[HIST-2] an answer of which nothing was heard is left out, and the user turns become one', () => {
  const answer = { text: 'Once upon a time.', heard: '', interrupted: true };
  expect(
    toMessages([
      { ...asked, answer },
      { user: 'A short one.', steps: [] },
    ]),
  ).toEqual([{ role: 'user', content: 'Tell me a story. A short one.' }]);
});

it('[HIST-3] tool calls and their results stay in order, even when their answer was not heard', () => {
  const call = { id: 'a', name: 'get_time', arguments: {} };
  const steps: ChatMessage[] = [
    { role: 'assistant', content: '', toolCalls: [call] },
    { role: 'tool', callId: 'a', name: 'get_time', content: '{"time":"3:42 PM"}' },
  ];
  const history = [
    { user: 'What time is it?', steps },
    { user: 'And the date?', steps: [] },
  ];
  expect(toMessages(history)).toEqual([
    { role: 'user', content: 'What time is it?' },
    ...steps,
    { role: 'user', content: 'And the date?' },
  ]);
});
