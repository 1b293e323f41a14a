import { describe, expect, it } from 'vitest';
import type { ReplyPart } from '../../core/stages/stage.ts';
import { createToolCallParser } from '../../engines/tool-call-parser.ts';
import { createRandom } from '../support/random.ts';

function parse(pieces: readonly string[], bareJson = true): { text: string; calls: unknown[] } {
  let count = 0;
  const parser = createToolCallParser({ bareJson, newId: () => `call-${++count}` });
  const parts: ReplyPart[] = [...pieces.flatMap((piece) => parser.push(piece)), ...parser.end()];
  return {
    text: parts.map((part) => (part.type === 'text' ? part.text : '')).join(''),
    calls: parts.flatMap((part) => (part.type === 'toolCall' ? [part.call] : [])),
  };
}

const call = '<tool_call>\n{"name": "calculate", "arguments": {"expression": "12 * 7"}}\n</tool_call>';
const calculate = { id: 'call-1', name: 'calculate', arguments: { expression: '12 * 7' } };

describe('tool calls in a reply', () => {
  it('finds a call between tags', () => {
    expect(parse([call])).toEqual({ text: '', calls: [calculate] });
  });

  it('finds the same parts however the reply is cut into pieces', () => {
    const reply = `Let me see. ${call}\n<think>12 * 7 < 100</think> One moment, 3 < 4.`;
    const whole = parse([reply]);
    expect(whole).toEqual({ text: 'Let me see. One moment, 3 < 4.', calls: [calculate] });
    const random = createRandom(7);
    for (let round = 0; round < 200; round++) {
      const pieces: string[] = [];
      for (let at = 0; at < reply.length;) {
        const length = 1 + random.below(8);
        pieces.push(reply.slice(at, at + length));
        at += length;
      }
      expect(parse(pieces)).toEqual(whole);
    }
  });

  it('passes text on at once, but not what may be the beginning of a tag', () => {
    const parser = createToolCallParser({ bareJson: true, newId: () => '' });
    expect(parser.push('Five')).toEqual([{ type: 'text', text: 'Five' }]);
    expect(parser.push(' <')).toEqual([{ type: 'text', text: ' ' }]);
    expect(parser.push(' 6')).toEqual([{ type: 'text', text: '< 6' }]);
  });

  it('finds several calls, in tags of their own or in one list', () => {
    expect(parse([call + call]).calls).toHaveLength(2);
    expect(parse(['<tool_call>[{"name": "get_time"}, {"name": "get_date"}]</tool_call>']).calls).toEqual([
      { id: 'call-1', name: 'get_time', arguments: {} },
      { id: 'call-2', name: 'get_date', arguments: {} },
    ]);
  });

  it('takes a call whose end tag never came', () => {
    expect(parse(['<tool_call>{"name": "get_time", "arguments": {}}']).calls).toHaveLength(1);
  });

  it('takes a reply of bare JSON for a call, with either word for the arguments', () => {
    expect(parse(['{"name": "set_timer", ', '"parameters": {"seconds": 60}}']).calls).toEqual([
      { id: 'call-1', name: 'set_timer', arguments: { seconds: 60 } },
    ]);
    expect(
      parse(['{"type": "function", "function": {"name": "a", "arguments": "{\\"b\\": 1}"}}']).calls,
    ).toEqual([{ id: 'call-1', name: 'a', arguments: { b: 1 } }]);
  });

  it('leaves JSON alone that names no tool, or where no tool was offered', () => {
    expect(parse(['{"temperature": 20}'])).toEqual({ text: '{"temperature": 20}', calls: [] });
    expect(parse(['{"name": "x"}'], false)).toEqual({ text: '{"name": "x"}', calls: [] });
  });

  it('hands over a call that is no JSON as it was written, under its name where one can be read', () => {
    expect(parse(['<tool_call>{"name": "set_timer", "arguments": {sixty}</tool_call>']).calls).toEqual([
      { id: 'call-1', name: 'set_timer', arguments: '{"name": "set_timer", "arguments": {sixty}' },
    ]);
    expect(parse(['<tool_call>set a timer</tool_call>']).calls).toEqual([
      { id: 'call-1', name: 'invalid', arguments: 'set a timer' },
    ]);
    expect(parse(['<tool_call>42</tool_call>']).calls).toEqual([
      { id: 'call-1', name: 'invalid', arguments: 42 },
    ]);
  });

  it('drops reasoning, also when it never ends', () => {
    expect(parse(['<think>The person greets', ' me.</think>\n\nHello!']).text).toBe('Hello!');
    expect(parse(['<think>and on and on']).text).toBe('');
  });
});
