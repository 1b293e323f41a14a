import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const FILE = 'keys.json';
const PREFIX = 'parley_';

const stored = z.array(
  z.strictObject({ id: z.string(), sha256: z.string().regex(/^[0-9a-f]{64}$/), createdAt: z.iso.datetime() }),
);
type StoredKey = z.infer<typeof stored>[number];

/** Keys of callers. Only their hashes are kept: 256 random bits need no salt and no slow hash. */
export interface KeyStore {
  isEmpty(): boolean;
  /** Makes a key; nobody can read it again. */
  create(): string;
  /** Id of the key, where it is one. */
  find(key: string): string | undefined;
}

/** @throws Error in words when the file of keys cannot be read: a server must not open its doors instead */
export function openKeyStore(dataDir: string): KeyStore {
  const file = join(dataDir, FILE);
  let keys: StoredKey[] = existsSync(file) ? readKeys(file) : [];
  return {
    isEmpty: () => keys.length === 0,
    create() {
      const key = PREFIX + randomBytes(32).toString('base64url');
      const id = `key_${randomBytes(6).toString('base64url')}`;
      keys = [...keys, { id, sha256: hash(key).toString('hex'), createdAt: new Date().toISOString() }];
      mkdirSync(dataDir, { recursive: true, mode: 0o700 });
      writeFileSync(file, `${JSON.stringify(keys, undefined, 2)}\n`, { mode: 0o600 });
      return key;
    },
    find(key) {
      const hashed = hash(key);
      return keys.find(({ sha256 }) => timingSafeEqual(Buffer.from(sha256, 'hex'), hashed))?.id;
    },
  };
}

function readKeys(file: string): StoredKey[] {
  try {
    return stored.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    throw new Error(`${file} cannot be read. Restore it, or delete it to have a new key made.`, { cause });
  }
}

function hash(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
