import { describe, expect, it } from 'vitest';
import { readStartRequest } from '../../src/state/start-request.ts';

const share = (fields: Record<string, string>) => readStartRequest(`?${new URLSearchParams(fields)}`).text;

describe('[PWA-7] the address', () => {
  it('asks for nothing when it says nothing', () => {
    expect(readStartRequest('')).toEqual({ talk: false, text: '' });
    expect(readStartRequest('?utm_source=x&name=y')).toEqual({ talk: false, text: '' });
  });

  it.each([
    ['?talk', true],
    ['?talk=', true],
    ['?talk=1', true],
    ['?talk=0', false],
    ['?talk=javascript:alert(1)', false],
    ['?talk=no&talk=1', false],
    ['?Talk', false],
  ])('%s asks to talk: %s', (search, talk) => {
    expect(readStartRequest(search).talk).toBe(talk);
  });

  it('brings what was shared in one text', () => {
    expect(share({ title: 'News', text: 'Have a look', url: 'https://example.org/a' })).toBe(
      'News\nHave a look\nhttps://example.org/a',
    );
  });

  it('brings an address once that was shared twice', () => {
    const url = 'https://example.org/a';
    expect(share({ text: `Have a look: ${url}`, url })).toBe(`Have a look: ${url}`);
  });

  it('brings no character that cannot be seen', () => {
    expect(share({ text: 'a\u0000b\u001bc\u202ed\u2066e\r\nf\tg\u0085' })).toBe('abcde\nf\tg');
    expect(share({ title: '\u200e\u0007', text: ' \n ' })).toBe('');
  });

  it('brings markup as the text that it is', () => {
    expect(share({ text: '<img src=x onerror=alert(1)>' })).toBe('<img src=x onerror=alert(1)>');
  });

  it('brings no more than may be typed, and no half character', () => {
    expect(share({ text: 'a'.repeat(10_000) })).toHaveLength(4000);
    expect(share({ text: `${'a'.repeat(3999)}😀` }).isWellFormed()).toBe(true);
  });

  it.each(['?text=%', '?text=%E0%A4%A', '?%00=%00', '?text=%FF%FE', `?${'&'.repeat(5000)}`, '?text'])(
    'is read whatever it is: %s',
    (search) => {
      expect(() => readStartRequest(search)).not.toThrow();
      expect(readStartRequest(search).talk).toBe(false);
    },
  );
});
