import { describe, expect, it } from 'vitest';
import { fileUrl, isAllowedBy, parseMirror, sourceOf } from '../../../core/models/source.ts';

const file = {
  path: 'onnx/model q8.onnx',
  bytes: 1,
  sha256: 'a'.repeat(64),
  repository: 'some/model',
  revision: '1'.repeat(40),
};
const hub = { kind: 'hub', url: 'https://huggingface.co' } as const;

describe('the address of a file', () => {
  it('is a folder of this site, or a fixed commit at a hub', () => {
    expect(fileUrl({ kind: 'site' }, file, 'https://here/models/')).toBe(
      'https://here/models/some/model/onnx/model%20q8.onnx',
    );
    expect(fileUrl(hub, file, '')).toBe(
      `https://huggingface.co/some/model/resolve/${file.revision}/onnx/model%20q8.onnx`,
    );
  });

  it('does not exist at a hub where no revision is known', () => {
    expect(fileUrl(hub, { ...file, revision: null }, '')).toBeUndefined();
  });
});

describe('a mirror', () => {
  it.each([
    ['https://models.example.org/', 'https://models.example.org'],
    [' http://localhost:8788 ', 'http://localhost:8788'],
    ['https://example.org/some/folder/', 'https://example.org/some/folder'],
  ])('may be %s', (text, url) => {
    expect(parseMirror(text)).toBe(url);
    expect(sourceOf({ kind: 'mirror', mirrorUrl: text })).toEqual({ kind: 'hub', url });
  });

  it.each([
    '',
    'models.example.org',
    'javascript:alert(1)',
    'file:///etc',
    'https://user:word@example.org',
    'https://example.org/?a=b',
    'https://example.org/#top',
  ])('may not be “%s”, and that is said', (text) => {
    expect(parseMirror(text)).toBeUndefined();
    expect(() => sourceOf({ kind: 'mirror', mirrorUrl: text })).toThrow('address of the mirror');
  });
});

describe('[MODEL-14] the policy of the page', () => {
  const own = 'https://parley.example.org';

  it.each([
    ["connect-src 'self'", false],
    ["default-src 'self'", false],
    ["connect-src 'none'; default-src *", false],
    ["connect-src 'self' https://example.org", false],
    ["connect-src 'self' https://*.huggingface.co", false],
    ["connect-src 'self' http://huggingface.co", false],
    ["connect-src 'self' https://huggingface.co", true],
    ["connect-src 'self' https://*.co", true],
    ["script-src 'self'", true],
    ['connect-src https:', true],
    ['default-src *', true],
  ])('%s: the hub is allowed: %s', (policy, allowed) => {
    expect(isAllowedBy(policy, hub, own)).toBe(allowed);
  });

  it('never stands against this site, nor against a mirror that it is itself', () => {
    expect(isAllowedBy("connect-src 'self'", { kind: 'site' }, own)).toBe(true);
    expect(isAllowedBy("connect-src 'self'", { kind: 'hub', url: `${own}/mirror` }, own)).toBe(true);
    expect(isAllowedBy(null, hub, own)).toBe(true);
  });
});
