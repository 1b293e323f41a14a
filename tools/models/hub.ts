import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import {
  relativePath,
  revision as revisionSchema,
  sha256 as sha256Schema,
} from '../../core/models/listing.ts';
import { explainAnswer, explainSilence } from './hub-errors.ts';

/** A file of a repository as its host describes it. One of the two hashes is always there. */
export interface HubFile {
  path: string;
  bytes: number;
  /** Of files in large file storage. */
  sha256: string | null;
  /** Of the others: git's own hash, over `blob SIZE\0` and the content. */
  gitSha1: string | null;
}

export interface HubRevision {
  /** The commit. */
  revision: string;
  /** Its files by path; what the host says of each is asked when it is needed. */
  paths: string[];
  describe(path: string): Promise<HubFile>;
}

/** Where repositories come from. All methods throw AppError `hub.unreachable`, `hub.denied` or `model.missing`. */
export interface Hub {
  /** Base URL, without a slash at its end. */
  url: string;
  /** @param revision a branch or a commit */
  look(repository: string, revision: string, signal: AbortSignal): Promise<HubRevision>;
  /** The content from a byte on: status 206, or 200 with all of it where the host does not know ranges. */
  open(
    file: { repository: string; revision: string; path: string; fromByte: number },
    signal: AbortSignal,
  ): Promise<Response>;
}

const sibling = z.object({
  rfilename: relativePath,
  size: z.int().nonnegative().nullish(),
  blobId: z.string().nullish(),
  lfs: z.object({ sha256: sha256Schema, size: z.int().nonnegative() }).nullish(),
});
/** Names that are no plain paths are none that Parley asks for. */
const modelInfo = z.object({ sha: revisionSchema, siblings: z.array(z.unknown()) });

/**
 * A hub that speaks as huggingface.co does: `/api/models/REPO/revision/REV` and `/REPO/resolve/REV/PATH`.
 * @param token sent to this hub only: `fetch` leaves it out where a redirect leads to another origin
 */
export function createHub(url: string, token?: string): Hub {
  const base = url.replace(/\/+$/, '');
  const headers = {
    // Ranges and lengths would be those of the compressed form.
    'accept-encoding': 'identity',
    ...(token && { authorization: `Bearer ${token}` }),
  };

  async function ask(path: string, repository: string, init: RequestInit): Promise<Response> {
    const response = await fetch(`${base}${path}`, {
      ...init,
      headers: { ...headers, ...(init.headers as Record<string, string>) },
    }).catch((cause: unknown) => {
      throw explainSilence(base, cause);
    });
    if (response.ok || (init.redirect === 'manual' && response.status < 400)) return response;
    await response.body?.cancel();
    throw explainAnswer(response, { hub: base, repository, path, token: token !== undefined });
  }

  /** What the headers of a file say, for hubs that do not describe it in the list. */
  async function inspect(
    repository: string,
    revision: string,
    path: string,
    signal: AbortSignal,
  ): Promise<HubFile> {
    const where = `/${repository}/resolve/${revision}/${encodePath(path)}`;
    const { headers: said } = await ask(where, repository, { method: 'HEAD', redirect: 'manual', signal });
    const tag = (said.get('x-linked-etag') ?? said.get('etag') ?? '').replace(/^W\//, '').replaceAll('"', '');
    const bytes = Number(said.get('x-linked-size') ?? said.get('content-length') ?? Number.NaN);
    const sha256 = /^[0-9a-f]{64}$/.test(tag) ? tag : null;
    const gitSha1 = /^[0-9a-f]{40}$/.test(tag) ? tag : null;
    if (Number.isSafeInteger(bytes) && (sha256 ?? gitSha1) !== null) return { path, bytes, sha256, gitSha1 };
    throw new AppError(
      'hub.unreachable',
      `${base} says nothing to check ${repository}/${path} by. Pull from a hub that gives size and hash.`,
    );
  }

  return {
    url: base,
    async look(repository, revision, signal) {
      const path = `/api/models/${repository}/revision/${encodeURIComponent(revision)}?blobs=true`;
      const response = await ask(path, repository, { signal });
      const info = modelInfo.safeParse(await response.json().catch(() => undefined));
      if (!info.success) {
        throw new AppError(
          'hub.unreachable',
          `${base} does not answer like a hub. Check the address after --hub.`,
        );
      }
      const known = new Map(
        info.data.siblings.flatMap((each) => {
          const parsed = sibling.safeParse(each);
          return parsed.success ? [[parsed.data.rfilename, parsed.data] as const] : [];
        }),
      );
      return {
        revision: info.data.sha,
        paths: [...known.keys()],
        async describe(path) {
          const { lfs, size, blobId } = known.get(path) ?? {};
          if (lfs) return { path, bytes: lfs.size, sha256: lfs.sha256, gitSha1: null };
          if (typeof size === 'number' && revisionSchema.safeParse(blobId).success)
            return { path, bytes: size, sha256: null, gitSha1: blobId! };
          return inspect(repository, info.data.sha, path, signal);
        },
      };
    },
    open({ repository, revision, path, fromByte }, signal) {
      const range = fromByte > 0 ? { range: `bytes=${fromByte}-` } : {};
      return ask(`/${repository}/resolve/${revision}/${encodePath(path)}`, repository, {
        headers: range,
        signal,
      });
    },
  };
}

export function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}
