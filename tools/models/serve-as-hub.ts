import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { knownRepositories } from './describe.ts';
import type { KnownFiles } from './describe.ts';
import { sizeOf } from './files.ts';
import { readLock } from './lock.ts';
import { readCatalogue } from './workspace.ts';
import type { Workspace } from './workspace.ts';

interface Served {
  revision: string;
  files: KnownFiles;
}

/** Readable from any page: what is served is public, and a page of another Parley may fetch from here. */
const open = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers':
    'accept-ranges, content-range, etag, x-linked-etag, x-linked-size, x-repo-commit',
  'cross-origin-resource-policy': 'cross-origin',
};

/**
 * A server, not yet listening, that answers as a hub does for the models that are here: known files only, each with
 * its SHA-256, under the locked revision or `main`.
 */
export function createHubServer(workspace: Workspace): Server {
  return createServer((request, response) => {
    answer(workspace, request, response).catch(() => {
      // A file that vanishes or a reader that goes away while it is sent; before that, an error of ours.
      if (response.headersSent) response.destroy();
      else refuse(response, 500, 'InternalError');
    });
  });
}

async function answer(
  workspace: Workspace,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 405, 'MethodNotAllowed');
  const path = decode(request.url ?? '/');
  const info = /^\/api\/models\/([\w.-]+\/[\w.-]+)\/revision\/([\w.-]+)$/.exec(path);
  const file = /^\/([\w.-]+\/[\w.-]+)\/resolve\/([\w.-]+)\/(.+)$/.exec(path);
  const repository = info?.[1] ?? file?.[1];
  const served = repository === undefined ? undefined : await serve(workspace, repository);
  if (repository === undefined || served === undefined) return refuse(response, 404, 'RepoNotFound');
  const wanted = info?.[2] ?? file?.[2];
  if (wanted !== 'main' && wanted !== served.revision) return refuse(response, 404, 'RevisionNotFound');
  if (info) return sendInfo(response, repository, served);
  return sendFile(join(workspace.modelsDir, repository), file?.[3] ?? '', served, request, response);
}

function decode(url: string): string {
  try {
    return decodeURIComponent(url.split('?', 1)[0]!);
  } catch {
    return '/';
  }
}

/** What is known of a repository and lies here. */
async function serve(workspace: Workspace, repository: string): Promise<Served | undefined> {
  const lock = await readLock(workspace.lockFile);
  const known = knownRepositories(await readCatalogue(workspace), lock).get(repository);
  const files: KnownFiles = new Map();
  for (const [path, file] of known ?? []) {
    const size = await sizeOf(join(workspace.modelsDir, repository, path));
    if (size === file.bytes) files.set(path, file);
  }
  if (files.size === 0) return undefined;
  return { revision: lock.repositories[repository]?.revision ?? digest(files), files };
}

/** Models that Parley brings along have no commit of their own: their revision is a digest of their files. */
function digest(files: KnownFiles): string {
  const hash = createHash('sha1');
  for (const [path, { sha256 }] of [...files].toSorted(([a], [b]) => (a < b ? -1 : 1)))
    hash.update(`${path} ${sha256}\n`);
  return hash.digest('hex');
}

function sendInfo(response: ServerResponse, id: string, { revision, files }: Served): void {
  const siblings = [...files].map(([rfilename, { bytes, sha256 }]) => ({
    rfilename,
    size: bytes,
    lfs: { sha256, size: bytes },
  }));
  response.writeHead(200, { ...open, 'content-type': 'application/json' });
  response.end(JSON.stringify({ id, sha: revision, siblings }));
}

async function sendFile(
  folder: string,
  path: string,
  { revision, files }: Served,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const file = files.get(path);
  if (file === undefined) return refuse(response, 404, 'EntryNotFound');
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
  const start = Number(range?.[1] ?? 0);
  const end = Math.min(file.bytes - 1, range?.[2] ? Number(range[2]) : Infinity);
  if (range && start > end) {
    response.writeHead(416, { ...open, 'content-range': `bytes */${file.bytes}` }).end();
    return;
  }
  response.writeHead(range ? 206 : 200, {
    ...open,
    'content-type': 'application/octet-stream',
    'content-length': end - start + 1,
    ...(range && { 'content-range': `bytes ${start}-${end}/${file.bytes}` }),
    'accept-ranges': 'bytes',
    etag: `"${file.sha256}"`,
    'x-linked-etag': `"${file.sha256}"`,
    'x-linked-size': file.bytes,
    'x-repo-commit': revision,
  });
  if (request.method === 'HEAD' || file.bytes === 0) response.end();
  else await pipeline(createReadStream(join(folder, path), { start, end }), response);
}

/** In the form of the hub, which names the reason in a header. */
function refuse(response: ServerResponse, status: number, reason: string): void {
  response.writeHead(status, { ...open, 'x-error-code': reason, 'content-type': 'application/json' });
  response.end(JSON.stringify({ error: reason }));
}
