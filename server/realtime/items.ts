import { newId } from './link.ts';
import type { Link } from './link.ts';

/** An entry of the conversation as the protocol describes it. */
export interface Item {
  id: string;
  type: 'message' | 'function_call' | 'function_call_output';
  [field: string]: unknown;
}

/** The conversation's entries, in order. */
export interface Items {
  /** Announces a new entry; its id must be free. */
  add(item: Item): void;
  /** Announces that an entry is complete, as it is now. */
  finish(item: Item): void;
  find(id: string): Item | undefined;
  lastId(): string | null;
}

/** Entries that `find` still knows; older ones are forgotten. */
const MAX_KEPT = 1000;

export function createItems(link: Link): Items {
  const items = new Map<string, Item>();
  const previous = new Map<string, string | null>();
  let lastId: string | null = null;

  function keep(item: Item): void {
    items.set(item.id, item);
    const [oldest] = items.keys();
    if (items.size <= MAX_KEPT || oldest === undefined) return;
    items.delete(oldest);
    previous.delete(oldest);
  }

  return {
    add(item) {
      link.send({ type: 'conversation.item.added', previous_item_id: lastId, item });
      previous.set(item.id, lastId);
      lastId = item.id;
      keep(item);
    },
    finish(item) {
      link.send({ type: 'conversation.item.done', previous_item_id: previous.get(item.id) ?? null, item });
      if (items.has(item.id)) items.set(item.id, item);
    },
    find: (id) => items.get(id),
    lastId: () => lastId,
  };
}

export function messageItem(
  role: 'user' | 'assistant' | 'system',
  content: readonly object[],
  status: 'completed' | 'incomplete' | 'in_progress',
  id = newId('item'),
): Item {
  return { id, object: 'realtime.item', type: 'message', status, role, content };
}
