import type { IncomingHttpHeaders } from 'node:http';
import { isLoopback } from '../config.ts';
import type { KeyStore } from './keys.ts';
import type { VerifyToken } from './jwt.ts';

/** Where browsers that cannot set headers put their key; OpenAI's own client does. */
const KEY_PROTOCOL = 'openai-insecure-api-key.';

export interface GuardDeps {
  /** Address that the server listens on. */
  host: string;
  /** Sites beside our own whose pages may call. */
  origins: readonly string[];
  /** Absent: nobody needs a key. */
  keys?: KeyStore;
  verifyToken?: VerifyToken;
}

export interface Caller {
  headers: IncomingHttpHeaders;
  address: string;
}

export type Verdict = { owner: string } | { status: 401 | 403; message: string };

/** Decides who may use the doors that lead to an engine. */
export interface Guard {
  judge(caller: Caller): Promise<Verdict>;
  /** Whether pages of this site may read our answers. */
  allowsOrigin(origin: string): boolean;
}

export function createGuard({ host, origins, keys, verifyToken }: GuardDeps): Guard {
  const asksForKey = keys !== undefined || verifyToken !== undefined;

  /** A page of another site may have had its name point at this machine. */
  function isOurHost(name: string | undefined): boolean {
    if (!isLoopback(host)) return true;
    const bare = /^(\[[^\]]*\]|[^:]*)(?::\d+)?$/.exec(name ?? '')?.[1] ?? '';
    return isLoopback(bare.replaceAll(/[[\]]/g, ''));
  }

  function isOurOrigin(origin: string, name: string | undefined): boolean {
    return origin === `http://${name}` || origin === `https://${name}` || origins.includes(origin);
  }

  async function ownerOf(token: string): Promise<string | undefined> {
    return keys?.find(token) ?? (await verifyToken?.(token));
  }

  return {
    allowsOrigin: (origin) => origins.includes(origin),
    async judge({ headers, address }) {
      if (!isOurHost(headers.host)) return { status: 403, message: 'This name is not one of this server.' };
      if (headers.origin !== undefined && !isOurOrigin(headers.origin, headers.host)) {
        return { status: 403, message: 'Pages of this site may not use this server.' };
      }
      if (!asksForKey) return { owner: address };
      const token = tokenOf(headers);
      const owner = token === undefined ? undefined : await ownerOf(token);
      return owner === undefined
        ? { status: 401, message: 'This server asks for one of its keys.' }
        : { owner };
    },
  };
}

function tokenOf(headers: IncomingHttpHeaders): string | undefined {
  const bearer = /^Bearer ([\w.~+/=-]{1,4096})$/i.exec(headers.authorization ?? '')?.[1];
  if (bearer !== undefined) return bearer;
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((each) => each.trim());
  return offered.find((each) => each.startsWith(KEY_PROTOCOL))?.slice(KEY_PROTOCOL.length);
}
