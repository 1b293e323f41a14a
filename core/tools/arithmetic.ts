import { z } from 'zod';
import { AppError } from '../errors.ts';
import { evaluate } from './expression.ts';
import { defineTool } from './tool.ts';

/** Decimals of a result: what a voice can say. */
const DECIMALS = 4;

/** Significant digits of a result too large or too small for that. */
const SIGNIFICANT_DIGITS = 10;

export const calculate = defineTool({
  name: 'calculate',
  description: 'Calculates an arithmetic expression with + - * / ^ % and parentheses, such as "12 * 7".',
  parameters: z.object({ expression: z.union([z.string(), z.number().transform(String)]) }),
  sideEffect: false,
  run: async ({ expression }) => ({ result: rounded(evaluate(expression)) }),
});

/**
 * At most four decimals, save below 0.001, and at most ten significant digits where there are decimals.
 * @throws AppError `input.invalid` when the value is not finite.
 */
function rounded(value: number): number {
  if (!Number.isFinite(value))
    throw new AppError('input.invalid', 'The result is too large or not a real number.');
  if (Number.isInteger(value)) return value + 0;
  const digits = Number(value.toPrecision(SIGNIFICANT_DIGITS));
  return Math.abs(value) < 0.001 ? digits : Number(digits.toFixed(DECIMALS));
}
