import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { AppError } from '../../../core/errors.ts';
import { everydayTools } from '../../../core/tools/everyday-tools.ts';
import { createTimers } from '../../../core/tools/timers.ts';
import { createToolbox, defineTool, type Tool } from '../../../core/tools/tool.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

const now = () => new Date(2026, 10, 20, 15, 42);

function toolbox(tools: readonly Tool[] = everydayTools) {
  const timers = createTimers({ clock: createVirtualClock(), now, onChange: () => {}, onRing: () => {} });
  return createToolbox(tools, { now, language: () => 'en', timers });
}

const call = (name: string, args: unknown = {}) => ({ id: '1', name, arguments: args });
const calm = new AbortController().signal;

function toolThat(run: (signal: AbortSignal) => Promise<unknown>): Tool {
  const parameters = z.object({});
  return defineTool({
    name: 'odd',
    description: '',
    parameters,
    sideEffect: false,
    run: (_, __, signal) => run(signal),
  });
}

describe('the toolbox', () => {
  it('[TOOL-1] describes its tools to the model in JSON Schema', () => {
    const { descriptions } = toolbox();
    expect(descriptions.map(({ name }) => name)).toEqual([
      'get_time',
      'get_date',
      'calculate',
      'set_timer',
      'cancel_timer',
    ]);
    expect(descriptions[3]?.parameters).toMatchObject({
      type: 'object',
      properties: { hours: { type: 'number' }, minutes: { type: 'number' }, label: { type: 'string' } },
    });
    expect(descriptions[3]?.parameters).not.toHaveProperty('required');
  });

  it('[TOOL-1] knows which tools change something', () => {
    const { hasSideEffect } = toolbox();
    const changing = ['get_time', 'get_date', 'calculate', 'set_timer', 'cancel_timer', 'nonsense'].filter(
      hasSideEffect,
    );
    expect(changing).toEqual(['set_timer', 'cancel_timer']);
  });

  it.each([
    ['an unknown tool', call('open_door'), 'no such tool'],
    ['a tool named like an inherited property', call('__proto__'), 'no such tool'],
    ['missing arguments', call('calculate'), 'expression'],
    ['arguments of the wrong type', call('set_timer', { minutes: 'five' }), 'minutes'],
    ['arguments that are a list', call('set_timer', [5]), 'expected object'],
    ['arguments that are broken JSON', call('set_timer', '{"minutes": 5'), 'JSON'],
  ])('[TOOL-2] answers %s with an error for the model', async (_, bad, reason) => {
    const { error } = JSON.parse(await toolbox().run(bad, calm)) as { error: string };
    expect(error).toContain(reason);
    expect(error.length).toBeLessThanOrEqual(300);
  });

  it('[TOOL-2] reads arguments written as a JSON string, and none at all', async () => {
    expect(await toolbox().run(call('calculate', '{"expression":"1+1"}'), calm)).toBe('{"result":2}');
    expect(await toolbox().run(call('get_time', null), calm)).toBe('{"time":"3:42 PM"}');
    expect(await toolbox().run(call('get_time', ''), calm)).toBe('{"time":"3:42 PM"}');
  });

  it.each([
    [
      'a tool that throws',
      toolThat(() => Promise.reject(new AppError('tool.failed', 'Out of order.'))),
      'Out of order.',
    ],
    ['a tool that throws what is no error', toolThat(() => Promise.reject('x'.repeat(1000))), 'xxx'],
    ['a result that is too long', toolThat(async () => 'x'.repeat(5000)), 'too long'],
    ['a result that is not JSON', toolThat(async () => 1n), 'BigInt'],
  ])('[TOOL-3] turns %s into an error for the model', async (_, tool, reason) => {
    const { error } = JSON.parse(await toolbox([tool]).run(call('odd'), calm)) as { error: string };
    expect(error).toContain(reason);
    expect(error.length).toBeLessThanOrEqual(300);
  });

  it('[TOOL-3] answers null where a tool has no result', async () => {
    expect(await toolbox([toolThat(async () => undefined)]).run(call('odd'), calm)).toBe('null');
  });

  it('[TOOL-4] throws only when the call is given up, even on a tool that never ends', async () => {
    const controller = new AbortController();
    const answer = toolbox([toolThat(() => new Promise(() => {}))]).run(call('odd'), controller.signal);
    controller.abort();
    await expect(answer).rejects.toMatchObject({ code: 'aborted' });
    await expect(toolbox().run(call('get_time'), controller.signal)).rejects.toMatchObject({
      code: 'aborted',
    });
  });
});
