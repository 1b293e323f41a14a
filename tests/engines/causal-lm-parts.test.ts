import { describe, expect, it } from 'vitest';
import type { ChatMessage } from '../../core/stages/stage.ts';
import { buildPrompt, type ChatTokenizer } from '../../engines/causal-lm/chat-prompt.ts';
import { createSampler } from '../../engines/causal-lm/sampler.ts';
import { createTextStream } from '../../engines/causal-lm/text-stream.ts';
import { findLoop } from '../../engines/repetition.ts';
import { createRandom } from '../support/random.ts';

/** One token a word; a message is its role and its words. */
const words: ChatTokenizer = {
  render: (messages) => messages.map((message) => `${message.role} ${message.content}`).join(' '),
  encode: (text) => text.split(' ').map((word) => word.length),
};

function talk(exchanges: number): ChatMessage[] {
  const messages: ChatMessage[] = [{ role: 'system', content: 'be kind' }];
  for (let turn = 0; turn < exchanges; turn++)
    messages.push({ role: 'user', content: `q${turn}` }, { role: 'assistant', content: `a${turn}` });
  return [...messages, { role: 'user', content: 'last' }];
}

const prompt = (messages: ChatMessage[], maxTokens: number, contextTokens: number) =>
  buildPrompt(words, { messages, tools: [], maxTokens }, contextTokens);

describe('Fitting a conversation into the context window', () => {
  it('keeps everything that fits', () => {
    const { text, maxTokens } = prompt(talk(3), 10, 100);
    expect(text).toContain('q0');
    expect(maxTokens).toBe(10);
  });

  it('drops the oldest exchanges whole and keeps the system message', () => {
    const { text, ids } = prompt(talk(20), 10, 60);
    expect(ids.length).toBeLessThanOrEqual(50);
    expect(text).toMatch(/^system be kind user q\d+ assistant a\d+/);
    expect(text).toMatch(/q19 assistant a19 user last$/);
  });

  it('begins at the same exchange for several turns, so that the cache stays valid', () => {
    const beginnings = Array.from({ length: 8 }, (_, turn) =>
      /q\d+/.exec(prompt(talk(20 + turn), 10, 60).text)?.at(0),
    );
    expect(new Set(beginnings).size).toBeLessThanOrEqual(3);
  });

  it('leaves half of the window to a reply that wants all of it', () => {
    const { ids, maxTokens } = prompt(talk(20), 10_000, 60);
    expect(ids.length).toBeLessThanOrEqual(30);
    expect(ids.length + maxTokens).toBe(60);
  });

  it('refuses a last exchange that does not fit', () => {
    const messages: ChatMessage[] = [{ role: 'user', content: 'long '.repeat(100) }];
    expect(() => prompt(messages, 10, 60)).toThrow(expect.objectContaining({ code: 'input.invalid' }));
  });

  it('writes calls and results in the form that templates know', () => {
    let seen: Record<string, unknown>[] = [];
    const spy: ChatTokenizer = { ...words, render: (messages) => ((seen = messages), '') };
    const messages: ChatMessage[] = [
      { role: 'assistant', content: '', toolCalls: [{ id: 'c', name: 'add', arguments: { a: 1 } }] },
      { role: 'tool', callId: 'c', name: 'add', content: '2' },
    ];
    buildPrompt(spy, { messages, tools: [], maxTokens: 1 }, 60);
    expect(seen).toEqual([
      {
        role: 'assistant',
        content: '',
        tool_calls: [{ id: 'c', type: 'function', function: { name: 'add', arguments: { a: 1 } } }],
      },
      { role: 'tool', tool_call_id: 'c', name: 'add', content: '2' },
    ]);
  });
});

describe('Text from tokens', () => {
  const bytes = (ids: number[]): string => new TextDecoder().decode(Uint8Array.from(ids));

  it('comes in whole characters, and nothing is lost', () => {
    const stream = createTextStream(bytes);
    const pieces = [...new TextEncoder().encode('Zürich 日本 👩‍🚀!')].map((byte) => stream.push(byte));
    for (const piece of pieces) expect(piece).not.toContain('\uFFFD');
    expect(pieces.join('') + stream.flush()).toBe('Zürich 日本 👩‍🚀!');
  });

  it('gives up on a character that never gets whole', () => {
    const stream = createTextStream(bytes);
    expect([0xf0, 0x9f].map((byte) => stream.push(byte))).toEqual(['', '']);
    expect(stream.flush()).toBe('\uFFFD');
    expect(stream.flush()).toBe('');
  });

  it('keeps spaces that a tokenizer writes only between words', () => {
    const stream = createTextStream((ids) => ids.map((id) => `w${id}`).join(' '));
    expect([1, 2, 3].map((id) => stream.push(id)).join('')).toBe('w1 w2 w3');
  });
});

describe('Choosing a token', () => {
  it('takes the most probable one unless the model asks for sampling', () => {
    expect(createSampler({ temperature: 2 })(Float32Array.of(1, 3, 2), [])).toBe(1);
  });

  it('weakens what was said before by the penalty of the model', () => {
    expect(createSampler({ repetition_penalty: 2 })(Float32Array.of(-1, 3, 2), [1])).toBe(2);
  });

  it('samples by probability within the limits of the model', () => {
    const random = createRandom(3);
    const sample = createSampler({ do_sample: true, top_k: 2, top_p: 1 }, random.next);
    const counts = [0, 0, 0];
    const logits = Float32Array.of(Math.log(3), Math.log(1), Math.log(0.9));
    for (let draw = 0; draw < 4000; draw++) counts[sample(logits, [])]!++;
    expect(counts[2]).toBe(0);
    expect(counts[0]! / 4000).toBeCloseTo(0.75, 1);
    const narrow = createSampler({ do_sample: true, top_p: 0.5 }, random.next);
    for (let draw = 0; draw < 100; draw++) expect(narrow(logits, [])).toBe(0);
  });
});

describe('Loops', () => {
  it('are found wherever they begin, of one token or of many', () => {
    expect(findLoop([1, 2, ...Array<number>(12).fill(7)])).toEqual({ start: 2, period: 1 });
    expect(findLoop(Array.from({ length: 20 }, (_, index) => index % 4))).toEqual({ start: 0, period: 4 });
  });

  it('are not seen in what people say', () => {
    expect(findLoop([1, 1, 1, 1])).toBeUndefined();
    expect(findLoop([1, 2, 3, 1, 2, 3, 1, 2, 3])).toBeUndefined();
    expect(findLoop([])).toBeUndefined();
  });
});
