import { describe, expect, it } from 'vitest';
import { calculate } from '../../../core/tools/arithmetic.ts';
import type { ToolContext } from '../../../core/tools/tool.ts';
import { createRandom } from '../../support/random.ts';

const result = async (expression: unknown) => {
  const context = {} as ToolContext;
  return ((await calculate.run({ expression }, context, new AbortController().signal)) as { result: number })
    .result;
};

describe('calculate', () => {
  it.each([
    ['12 * 7', 84],
    ['2 + 3 * 4', 14],
    ['(2 + 3) * 4', 20],
    ['10 - 4 - 3', 3],
    ['80 / 8 / 2', 5],
    ['2 ^ 3 ^ 2', 512],
    ['-2 ^ 2', -4],
    ['2 ^ -1', 0.5],
    ['2 * -3', -6],
    ['--3', 3],
    ['17 % 5', 2],
    ['17 % (2 + 3)', 2],
    ['.5 + 1.25', 1.75],
    ['1,000 + 12,345.5', 13345.5],
    ['6 × 7 ÷ 2 − 1', 20],
    ['2**3 x 2', 16],
    ['80 * 25 / 100', 20],
    ['25% of 80', 20],
    ['80 * 25%', 20],
    ['80 + 10%', 88],
    ['80 - 10% + 1', 73],
    ['50%', 0.5],
    ['0 * -1', 0],
    [42, 42],
  ])('[TOOL-6] %s is %s', async (expression, value) => {
    expect(await result(expression)).toBe(value);
  });

  it('[TOOL-7] rounds to what a voice can say', async () => {
    expect(await result('0.1 + 0.2')).toBe(0.3);
    expect(await result('10 / 3')).toBe(3.3333);
    expect(await result('2 / 3000')).toBe(0.0006666666667);
    expect(await result('1234567.891 * 1000.7')).toBe(1235432089);
    expect(await result('123456789 * 1000')).toBe(123456789000);
  });

  it.each([
    ['1 / 0', 'Division by zero'],
    ['5 % 0', 'Division by zero'],
    ['9 ^ 9 ^ 9', 'too large'],
    ['(-8) ^ 0.5', 'not a real number'],
    ['', 'ends too early'],
    ['2 +', 'ends too early'],
    ['2 3', 'Unexpected "3"'],
    ['2 (3)', 'Unexpected "("'],
    ['* 2', 'Unexpected "*"'],
    ['(2 + 3', 'parenthesis'],
    ['2 + 3)', 'Unexpected ")"'],
    ['two plus two', 'Cannot read "two plus two"'],
    ['1,00 + 2', 'Cannot read ",00 + 2"'],
    ['alert(1)', 'Cannot read'],
    ['process.exit()', 'Cannot read'],
    ['1'.repeat(201), 'longer than 200'],
    ['('.repeat(100), 'too deeply'],
    ['-'.repeat(100) + '1', 'too deeply'],
    [Array(100).fill(2).join('^'), 'too deeply'],
    [null, 'expression'],
    [{}, 'expression'],
  ])('[TOOL-6] refuses %j: %s', async (expression, reason) => {
    await expect(result(expression)).rejects.toMatchObject({
      code: 'input.invalid',
      message: expect.stringContaining(reason),
    });
  });

  it('[TOOL-6] is right about 2,000 random expressions', async () => {
    const operators: Record<string, (a: number, b: number) => number> = {
      '+': (a, b) => a + b,
      '-': (a, b) => a - b,
      '*': (a, b) => a * b,
      '/': (a, b) => a / b,
    };
    for (let seed = 1; seed <= 2_000; seed++) {
      const random = createRandom(seed);
      const write = (depth: number): { text: string; value: number } => {
        const number = 1 + random.below(99);
        if (depth === 0 || random.chance(0.2)) return { text: String(number), value: number };
        const [left, right] = [write(depth - 1), write(depth - 1)];
        const operator = random.pick(Object.keys(operators));
        const value = operators[operator]?.(left.value, right.value) ?? Number.NaN;
        return { text: `(${left.text} ${operator} ${right.text})`, value };
      };
      const { text, value } = write(4);
      if (!Number.isFinite(value)) continue;
      const relative = Math.abs((await result(text)) - value) / Math.max(1, Math.abs(value));
      expect(relative, `seed ${seed}: ${text}`).toBeLessThan(0.0001);
    }
  });
});
