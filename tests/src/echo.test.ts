import { expect, it } from 'vitest';
import { describeEcho } from '../../src/state/echo.ts';

const measured = { returnDb: -18.2, residualDb: -52.7, delayMs: 84 };

it('[ECHO-4] says in words what is done about the echo', () => {
  const lines = [
    describeEcho(undefined),
    describeEcho({ verdict: 'measuring' }),
    ...(['system', 'loopback', 'duck', 'inconclusive'] as const).map((verdict) =>
      describeEcho({ verdict, ...measured }),
    ),
  ];
  expect(new Set(lines).size).toBe(6);
  expect(lines[3]).toContain('18 dB');
  for (const line of lines) expect(line).toMatch(/^Echo: .*[.…]$/);
});
