import type { ViewMessage } from '../../core/session/view.ts';

export interface HeardSplit {
  heard: string;
  unheard: string;
}

/**
 * Divides a message at the point up to which it was heard. Where `heard` is not a prefix (the voice reads numbers and
 * markup differently), the cut falls at the last whole word both share.
 */
export function splitHeard(message: Pick<ViewMessage, 'text' | 'heard'>): HeardSplit {
  const { text, heard } = message;
  if (heard === undefined || text.startsWith(heard)) {
    const cut = heard?.length ?? text.length;
    return { heard: text.slice(0, cut), unheard: text.slice(cut) };
  }
  let shared = 0;
  while (shared < heard.length && text[shared] === heard[shared]) shared += 1;
  const cut = text.slice(0, shared).search(/\S*$/);
  return { heard: text.slice(0, cut), unheard: text.slice(cut) };
}
