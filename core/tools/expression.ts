import { AppError } from '../errors.ts';

/** Longest expression in characters, and how deep its parentheses, signs and powers may nest. */
const MAX_LENGTH = 200;
const MAX_DEPTH = 50;

const TOKEN = /\s*(?:((?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+)|(\*\*|of\b|[-+*/%^()×·÷−x]))/giy;

const SAME: Record<string, string> = { '×': '*', '·': '*', x: '*', of: '*', '÷': '/', '−': '-', '**': '^' };

type Token = number | string;

/** A percentage keeps its sign's meaning until it is known what it is taken of: "80 + 10%" is 88. */
interface Value {
  value: number;
  percent: boolean;
}

/**
 * Value of an arithmetic expression: `+ - * / ^ ( )`, unary signs, decimals, thousands commas, `%` as percent after a
 * number and as remainder between two. `^` binds from the right and before a sign. May be infinite or NaN.
 * @throws AppError `input.invalid` for anything else, division by zero, or an expression too long or too deep.
 */
export function evaluate(expression: string): number {
  if (expression.length > MAX_LENGTH) throw wrong(`The expression is longer than ${MAX_LENGTH} characters`);
  const tokens = tokenize(expression);
  let at = 0;

  function sum(depth: number): number {
    let left = product(depth).value;
    while (tokens[at] === '+' || tokens[at] === '-') {
      const sign = tokens[at++] === '+' ? 1 : -1;
      const { value, percent } = product(depth);
      left += sign * (percent ? left * value : value);
    }
    return left;
  }

  function product(depth: number): Value {
    let left = signed(depth);
    for (;;) {
      const operator = tokens[at];
      if (operator !== '*' && operator !== '/' && operator !== '%') return left;
      at++;
      const right = signed(depth).value;
      if (operator !== '*' && right === 0) throw wrong('Division by zero');
      const value =
        operator === '*' ? left.value * right : operator === '/' ? left.value / right : left.value % right;
      left = { value, percent: false };
    }
  }

  function signed(depth: number): Value {
    if (depth > MAX_DEPTH) throw wrong('The expression is nested too deeply');
    const token = tokens[at];
    if (token !== '+' && token !== '-') return power(depth);
    at++;
    const { value, percent } = signed(depth + 1);
    return { value: token === '-' ? -value : value, percent };
  }

  function power(depth: number): Value {
    let value = operand(depth);
    if (tokens[at] === '^') {
      at++;
      value = value ** signed(depth + 1).value;
    }
    const following = tokens[at + 1];
    const percent = tokens[at] === '%' && typeof following !== 'number' && following !== '(';
    if (percent) at++;
    return { value: percent ? value / 100 : value, percent };
  }

  function operand(depth: number): number {
    const token = tokens[at++];
    if (typeof token === 'number') return token;
    if (token !== '(')
      throw wrong(token === undefined ? 'The expression ends too early' : `Unexpected "${token}"`);
    const value = sum(depth + 1);
    if (tokens[at++] !== ')') throw wrong('A closing parenthesis is missing');
    return value;
  }

  const value = sum(0);
  if (at < tokens.length) throw wrong(`Unexpected "${tokens[at]}"`);
  return value;
}

function tokenize(expression: string): Token[] {
  const tokens: Token[] = [];
  const text = expression.trim();
  TOKEN.lastIndex = 0;
  let end = 0;
  for (let match = TOKEN.exec(text); match; match = TOKEN.exec(text)) {
    const [, number, sign = ''] = match;
    end = TOKEN.lastIndex;
    const symbol = sign.toLowerCase();
    tokens.push(number === undefined ? (SAME[symbol] ?? symbol) : Number(number.replaceAll(',', '')));
  }
  if (end < text.length) throw wrong(`Cannot read "${text.slice(end, end + 20).trim()}"`);
  return tokens;
}

function wrong(what: string): AppError {
  return new AppError('input.invalid', `${what}.`);
}
