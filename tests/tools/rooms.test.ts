import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { type ImportKind, roomViolation } from '../../tools/rooms.ts';

describe('an import', () => {
  it.each<[string, string, ImportKind]>([
    ['core/turn/reducer.ts', '../errors.ts', 'value'],
    ['core/settings/settings.ts', 'zod', 'value'],
    ['engines/silero.ts', '../core/errors.ts', 'value'],
    ['workers/vad.worker.ts', '../engines/silero.ts', 'value'],
    ['src/main.tsx', 'react-dom/client', 'value'],
    ['src/audio/capture.ts', '../../boundary/expose.ts', 'value'],
    ['src/main.tsx', '../engines/silero.ts', 'type'],
    ['src/main.tsx', '../workers/vad.worker.ts', 'url'],
    ['src/ui/logo.tsx', './logo.svg', 'url'],
    ['server/main.ts', 'node:fs', 'value'],
    ['tests/e2e/talk.spec.ts', '../../server/app.ts', 'value'],
    ['vite.config.ts', './tools/bundle-budget.ts', 'value'],
  ])('along an arrow is allowed: %s → %s as %s', (file, specifier, kind) => {
    expect(roomViolation(file, specifier, kind)).toBeUndefined();
  });

  it.each<[string, string, ImportKind]>([
    ['core/turn/reducer.ts', '../../src/state/store.ts', 'value'],
    ['core/turn/reducer.ts', '../../engines/silero.ts', 'type'],
    ['core/clock.ts', 'node:fs', 'value'],
    ['core/clock.ts', 'react', 'type'],
    ['core/clock.ts', 'zodiac', 'value'],
    ['boundary/expose.ts', '../engines/silero.ts', 'value'],
    ['engines/silero.ts', '../boundary/expose.ts', 'value'],
    ['engines/silero.ts', 'react', 'value'],
    ['src/main.tsx', '../engines/silero.ts', 'value'],
    ['src/main.tsx', '../workers/vad.worker.ts', 'value'],
    ['src/main.tsx', '../engines/silero.ts', 'url'],
    ['src/main.tsx', '../server/app.ts', 'type'],
    ['src/main.tsx', '@huggingface/transformers', 'value'],
    ['server/app.ts', '../src/state/store.ts', 'type'],
    ['workers/vad.worker.ts', '../src/audio/capture.ts', 'value'],
    ['core/clock.ts', '../../elsewhere/file.ts', 'value'],
  ])('against an arrow is refused: %s → %s as %s', (file, specifier, kind) => {
    expect(roomViolation(file, specifier, kind)).toContain(file.split('/')[0]);
  });
});

describe('the lint run', () => {
  const probe = 'core/zz-lint-probe.ts';
  afterEach(() => rmSync(probe, { force: true }));

  it('fails on each way of breaking an arrow, and on a promise nobody waits for', () => {
    writeFileSync(
      probe,
      [
        "import { a } from '../src/a.ts';",
        "import type { B } from '../engines/b.ts';",
        "export * from '../server/c.ts';",
        "export const d = () => import('../workers/d.ts');",
        "export const e = new URL('../workers/e.worker.ts', import.meta.url);",
        "export let f: import('../src/f.ts').F;",
        'export async function g(b: B) { return a(b); }',
        'export function h(b: B) { g(b); }',
      ].join('\n'),
    );
    const { stdout, status } = spawnSync('oxlint', ['--format', 'unix', probe], { encoding: 'utf8' });
    expect(status).not.toBe(0);
    for (const line of [1, 2, 3, 4, 5, 6]) expect(stdout).toMatch(new RegExp(`:${line}:.*parley\\(rooms\\)`));
    expect(stdout).toMatch(/:8:.*no-floating-promises/);
  });
});
