import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Files = Record<string, string | Buffer>;

interface Repository {
  /** Commits in order, the last one is main. */
  commits: { revision: string; files: Files }[];
  gated: boolean;
}

/** A request as the hub saw it. */
export interface Asked {
  method: string;
  path: string;
  range: string | undefined;
  authorization: string | undefined;
  status: number;
}

/** What happens to the next answers with this path's content. */
interface Fault {
  /** Sends so many bytes, waits until they have been noticed, and hangs up. */
  cut?: { bytes: number; noticed: Promise<void> };
  /** Sends so many bytes, waits for the promise, and sends the rest. */
  hold?: { bytes: number; until: Promise<void> };
  status?: number;
  headers?: Record<string, string>;
}

export interface FakeHub {
  url: string;
  /** Where large files are redirected to. */
  cdnUrl: string;
  asked: Asked[];
  /** Adds a commit. @returns its revision */
  commit(repository: string, files: Files): string;
  gate(repository: string): void;
  /** Other bytes of the same length are sent for this path, whatever the metadata says. */
  garble(path: string): void;
  /** One bit is wrong in what is sent for this path from now on. */
  flip(path: string): void;
  /** The next answer for this path ends like this. Several add up, in order. */
  fail(path: string, fault: Fault): void;
  /** Leaves sizes and hashes out of the list, so that they have to be asked for file by file. */
  hideMetadata(): void;
  close(): Promise<void>;
}

/** Files that the hub keeps in large file storage, known by SHA-256; all others are known by git's hash. */
function isLarge(path: string): boolean {
  return /\.(onnx|bin|onnx_data)$/.test(path);
}

export function sha256Of(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Readable from any page, as the public hub is. */
const open = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'content-range, etag, retry-after, x-error-code',
};

function gitSha1Of(content: Buffer): string {
  return createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
}

/**
 * A hub on loopback that answers as huggingface.co does: metadata, `resolve` with a redirect of large files to another
 * origin, Range, ETag and X-Error-Code; and as GitHub does for the three addresses that are asked there.
 */
export async function startFakeHub(): Promise<FakeHub> {
  const repositories = new Map<string, Repository>();
  const asked: Asked[] = [];
  const garbled = new Set<string>();
  const flipped = new Set<string>();
  const faults = new Map<string, Fault[]>();
  let metadataHidden = false;
  let commits = 0;

  const hub = createServer((request, response) => void answer(request, response));
  const cdn = createServer((request, response) => void answer(request, response));
  const [hubUrl, cdnUrl] = await Promise.all([listen(hub), listen(cdn)]);

  function find(repository: string, revision: string): { revision: string; files: Files } | undefined {
    const { commits: known = [] } = repositories.get(repository) ?? {};
    return revision === 'main' ? known.at(-1) : known.find((each) => each.revision === revision);
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = decodeURIComponent((request.url ?? '/').split('?', 1)[0]!);
    const { range, authorization } = request.headers;
    const entry = { method: request.method ?? '', path, range, authorization, status: 0 };
    asked.push(entry);
    response.on('close', () => {
      entry.status = response.statusCode;
    });
    const info = /^\/api\/models\/(.+)\/revision\/(.+)$/.exec(path);
    const resolve = /^\/(.+?)\/resolve\/([^/]+)\/(.+)$/.exec(path);
    const stored = /^\/cdn\/(.+?)@([^/]+)\/(.+)$/.exec(path);
    if (info) return sendInfo(info[1]!, info[2]!, response);
    if (stored) return sendContent(stored[1]!, stored[2]!, stored[3]!, request, response);
    if (resolve) return sendFile(resolve[1]!, resolve[2]!, resolve[3]!, request, response);
    sendAsGithub(path, request, response);
  }

  function sendInfo(repository: string, wanted: string, response: ServerResponse): void {
    const commit = find(repository, wanted);
    if (!repositories.has(repository)) return refuse(response, 401, 'RepoNotFound');
    if (commit === undefined) return refuse(response, 404, 'RevisionNotFound');
    const siblings = Object.entries(commit.files).map(([rfilename, text]) => {
      const content = Buffer.from(text);
      if (metadataHidden) return { rfilename };
      const size = content.length;
      const lfs = isLarge(rfilename) && { lfs: { sha256: sha256Of(content), size, pointerSize: 130 } };
      return { rfilename, size, blobId: gitSha1Of(content), ...lfs };
    });
    json(response, { id: repository, sha: commit.revision, siblings });
  }

  async function sendFile(
    repository: string,
    wanted: string,
    path: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const commit = find(repository, wanted);
    if (commit === undefined) return refuse(response, 404, 'RevisionNotFound');
    if (repositories.get(repository)?.gated && request.headers.authorization !== 'Bearer right')
      return refuse(response, 401, 'GatedRepo');
    const text = commit.files[path];
    if (text === undefined) return refuse(response, 404, 'EntryNotFound');
    if (!isLarge(path)) return sendContent(repository, commit.revision, path, request, response);
    const content = Buffer.from(text);
    response.writeHead(302, {
      ...open,
      location: `${cdnUrl}/cdn/${repository}@${commit.revision}/${path}`,
      'x-linked-etag': `"${sha256Of(content)}"`,
      'x-linked-size': content.length,
      'x-repo-commit': commit.revision,
    });
    response.end();
  }

  async function sendContent(
    repository: string,
    wanted: string,
    path: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const fault = faults.get(path)?.shift();
    if (fault?.status !== undefined) return refuse(response, fault.status, 'Fault', fault.headers);
    const original = Buffer.from(find(repository, wanted)?.files[path] ?? '');
    const content = garbled.has(path) ? Buffer.alloc(original.length, 'x') : Buffer.from(original);
    if (flipped.has(path))
      content.writeUInt8(content.readUInt8(content.length >> 1) ^ 1, content.length >> 1);
    const start = Number(/^bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const body = content.subarray(start);
    response.writeHead(start > 0 ? 206 : 200, {
      ...open,
      'content-length': body.length,
      etag: `"${isLarge(path) ? 'of-the-cdn' : gitSha1Of(original)}"`,
      ...(start > 0 && { 'content-range': `bytes ${start}-${content.length - 1}/${content.length}` }),
    });
    if (fault?.cut) {
      response.write(body.subarray(0, fault.cut.bytes));
      await fault.cut.noticed;
      response.destroy();
      return;
    }
    if (fault?.hold) {
      response.write(body.subarray(0, fault.hold.bytes));
      await fault.hold.until;
      response.end(body.subarray(fault.hold.bytes));
      return;
    }
    response.end(request.method === 'HEAD' ? undefined : body);
  }

  function sendAsGithub(path: string, request: IncomingMessage, response: ServerResponse): unknown {
    const commit = /^\/repos\/([^/]+\/[^/]+)\/commits\/(.+)$/.exec(path);
    const tree = /^\/repos\/([^/]+\/[^/]+)\/git\/trees\/(.+)$/.exec(path);
    const raw = /^\/([^/]+\/[^/]+)\/([0-9a-f]{40})\/(.+)$/.exec(path);
    const [, repository = '', revision = '', file = ''] = commit ?? tree ?? raw ?? [];
    const found = find(repository, revision);
    if (found === undefined) return refuse(response, 404, '');
    if (commit) return json(response, { sha: found.revision });
    if (raw) return sendContent(repository, revision, file, request, response);
    const entries = Object.entries(found.files).map(([name, text]) => {
      const content = Buffer.from(text);
      return { path: name, type: 'blob', sha: gitSha1Of(content), size: content.length };
    });
    return json(response, { sha: found.revision, truncated: false, tree: entries });
  }

  return {
    url: hubUrl,
    cdnUrl,
    asked,
    commit(repository, files) {
      commits += 1;
      const revision = createHash('sha1').update(`${repository} ${commits}`).digest('hex');
      const before = repositories.get(repository) ?? { commits: [], gated: false };
      repositories.set(repository, { ...before, commits: [...before.commits, { revision, files }] });
      return revision;
    },
    gate(repository) {
      repositories.get(repository)!.gated = true;
    },
    garble: (path) => garbled.add(path),
    flip: (path) => flipped.add(path),
    fail: (path, fault) => faults.set(path, [...(faults.get(path) ?? []), fault]),
    hideMetadata() {
      metadataHidden = true;
    },
    async close() {
      await Promise.all([hub, cdn].map(stop));
    },
  };
}

/** @returns its base URL */
export async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export async function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

function json(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

function refuse(response: ServerResponse, status: number, reason: string, headers = {}): void {
  response
    .writeHead(status, { ...open, 'x-error-code': reason, ...headers })
    .end(JSON.stringify({ error: reason }));
}
