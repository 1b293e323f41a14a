import { MAX_TYPED_CHARACTERS } from '../../core/turn/reduce-control.ts';

/** What the address that opened the page asks for. */
export interface StartRequest {
  talk: boolean;
  /** Empty, or what was shared: for the person to look at, never sent by itself. */
  text: string;
}

/** The fields of `share_target` in public/manifest.webmanifest, in the order in which they are read. */
const SHARED_FIELDS = ['title', 'text', 'url'];

/** Control characters but for tab and line feed, and the marks that turn the direction of text around. */
// oxlint-disable-next-line eslint/no-control-regex
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/**
 * Reads the query of an address. Anyone can write such an address, so nothing in it does more than the person could see
 * and undo: `?talk` (or `talk=1`) and a text without unseen characters, as long as a typed message may be.
 */
export function readStartRequest(search: string): StartRequest {
  const query = new URLSearchParams(search);
  const parts = SHARED_FIELDS.map((name) => clean(query.get(name) ?? '')).filter((part) => part !== '');
  // Many apps share an address twice, once in the text.
  const text = parts.filter((part, at) => !parts.some((other, index) => index < at && other.includes(part)));
  return {
    talk: ['', '1'].includes(query.get('talk') ?? '0'),
    text: text.join('\n').slice(0, MAX_TYPED_CHARACTERS).toWellFormed(),
  };
}

function clean(text: string): string {
  return text.replaceAll('\r\n', '\n').replaceAll(UNSEEN, '').trim();
}
