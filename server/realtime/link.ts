import { randomBytes } from 'node:crypto';

/** An event of the server's side, before it has its id. */
export interface ServerEvent {
  type: string;
  [field: string]: unknown;
}

/** The way to the client. */
export interface Link {
  send(event: ServerEvent): void;
  /** Bytes that the client has not taken yet. */
  waitingBytes(): number;
}

/** Ids of sessions, items and responses: unguessable, and told apart by what they name. */
export function newId(kind: 'sess' | 'conv' | 'item' | 'resp' | 'event' | 'call'): string {
  return `${kind}_${randomBytes(12).toString('base64url')}`;
}
