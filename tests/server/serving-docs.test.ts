import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { securityHeaders } from '../../server/security-headers.ts';

const { all, documentPolicy } = securityHeaders();
const text = readFileSync('docs/SERVING.md', 'utf8');
const blocks = new Map(
  [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language = '', code = '']) => [language, code]),
);

describe('docs/SERVING.md', () => {
  it.each(['nginx', 'caddy', 'apache'])(
    '[AIR-1] sends with %s what Parley’s own server sends',
    (language) => {
      const config = (blocks.get(language) ?? '').toLowerCase();
      for (const [name, value] of Object.entries(all)) {
        expect(config).toContain(name);
        expect(config).toContain(`${value.toLowerCase()}`);
      }
      for (const rule of documentPolicy.split('; ')) expect(config).toContain(rule);
      expect(config).toContain('public, max-age=31536000, immutable');
    },
  );

  it('names every header in its table, and the policy in full', () => {
    for (const [name, value] of Object.entries(all)) {
      expect(text.toLowerCase()).toContain(`| ${name} |`);
      expect(text).toContain(value);
    }
  });
});
