import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  dependencies: Record<string, string>;
};
const notice = readFileSync('THIRD_PARTY.md', 'utf8');

it.each(Object.keys(dependencies))('THIRD_PARTY.md names %s with its licence', (name) => {
  const { license } = JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8')) as {
    license: string;
  };
  const lines = notice.split('\n').filter((line) => line.includes(name));
  expect(lines).not.toEqual([]);
  if (license !== 'GPL-3.0') expect(lines.join('\n')).toContain(license);
});
