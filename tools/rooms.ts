import { posix } from 'node:path';

/** What the files of a room may import: rooms beside their own, and packages (`*` for any, `name` for it and its subpaths). */
interface Room {
  rooms: readonly string[];
  /** Rooms that may be named by `import type` only. */
  typesOf?: readonly string[];
  /** Rooms that may be named by `new URL(…, import.meta.url)` only. */
  urlsOf?: readonly string[];
  packages: readonly string[];
}

/** The arrows of docs/ARCHITECTURE.md. */
export const rooms: Readonly<Record<string, Room>> = {
  core: { rooms: [], packages: ['zod'] },
  boundary: { rooms: ['core'], packages: ['comlink'] },
  engines: {
    rooms: ['core'],
    packages: [
      '@echogarden/espeak-ng-emscripten',
      '@huggingface/transformers',
      '@mlc-ai/web-llm',
      '@ricky0123/vad-web',
      'onnxruntime-web',
      'zod',
    ],
  },
  workers: { rooms: ['core', 'boundary', 'engines'], packages: ['comlink', 'hash-wasm'] },
  src: {
    rooms: ['core', 'boundary'],
    typesOf: ['engines', 'workers'],
    urlsOf: ['workers'],
    packages: ['comlink', 'react', 'react-dom', 'zod'],
  },
  server: {
    rooms: ['core', 'boundary', 'engines', 'workers'],
    packages: [
      'node:*',
      '@fastify/multipart',
      '@fastify/rate-limit',
      '@fastify/static',
      '@fastify/swagger',
      'fastify',
      'fastify-type-provider-zod',
      'jose',
      'prom-client',
      'ws',
      'zod',
    ],
  },
  tools: { rooms: ['core', 'engines', 'server'], packages: ['*'] },
  tests: {
    rooms: ['core', 'boundary', 'engines', 'workers', 'src', 'server', 'tools'],
    packages: ['*'],
  },
};

export type ImportKind = 'value' | 'type' | 'url';

/**
 * Says what is wrong with an import, or nothing.
 * @param file path of the importing file from the root, with `/`
 * @param specifier as written: relative, or a package
 */
export function roomViolation(file: string, specifier: string, kind: ImportKind): string | undefined {
  const from = file.split('/')[0] ?? '';
  const room = rooms[from];
  if (!room) return undefined;
  if (!specifier.startsWith('.')) {
    if (kind === 'url' || room.packages.some((allowed) => packageMatches(allowed, specifier)))
      return undefined;
    return `${from} may not import the package ${specifier}`;
  }
  const target = posix.join(posix.dirname(file), specifier);
  const to = target.split('/')[0] ?? '';
  if (to === from || room.rooms.includes(to)) return undefined;
  if (kind === 'type' && room.typesOf?.includes(to)) return undefined;
  if (kind === 'url' && (room.urlsOf?.includes(to) || !(to in rooms))) return undefined;
  if (from === 'tests' || from === 'tools') {
    if (!(to in rooms)) return undefined;
  }
  return `${from} may not import ${target}: ${to in rooms ? `the arrow ${to} → ${from} does not exist` : 'it lies outside the rooms'}`;
}

function packageMatches(allowed: string, specifier: string): boolean {
  if (allowed === '*') return true;
  if (allowed.endsWith(':*')) return specifier.startsWith(allowed.slice(0, -1));
  return specifier === allowed || specifier.startsWith(`${allowed}/`);
}
