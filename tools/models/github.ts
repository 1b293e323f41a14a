import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { revision as revisionSchema } from '../../core/models/listing.ts';
import { explainAnswer, explainSilence } from './hub-errors.ts';
import { encodePath } from './hub.ts';
import type { Hub } from './hub.ts';

const commit = z.object({ sha: revisionSchema });
const tree = z.object({
  sha: z.string(),
  truncated: z.boolean(),
  tree: z.array(
    z.object({
      path: z.string(),
      type: z.string(),
      sha: revisionSchema,
      size: z.int().nonnegative().optional(),
    }),
  ),
});

/** A repository of GitHub in the shape of a hub: where WebLLM's compiled programs lie. Git knows a hash of each file. */
export function createGithub(api = 'https://api.github.com', raw = 'https://raw.githubusercontent.com'): Hub {
  async function ask(url: string, repository: string, init: RequestInit): Promise<Response> {
    const { origin, pathname } = new URL(url);
    const response = await fetch(url, init).catch((cause: unknown) => {
      throw explainSilence(origin, cause);
    });
    if (response.ok) return response;
    await response.body?.cancel();
    throw explainAnswer(response, { hub: origin, repository, path: pathname, token: false });
  }

  async function read<T>(
    path: string,
    schema: z.ZodType<T>,
    repository: string,
    signal: AbortSignal,
  ): Promise<T> {
    const response = await ask(`${api}/repos/${repository}/${path}`, repository, { signal });
    const parsed = schema.safeParse(await response.json().catch(() => undefined));
    if (parsed.success) return parsed.data;
    throw new AppError('hub.unreachable', `${api} answered something else than expected. Try again later.`);
  }

  return {
    url: raw,
    async look(repository, revision, signal) {
      const { sha } = await read(`commits/${revision}`, commit, repository, signal);
      const { tree: entries, truncated } = await read(
        `git/trees/${sha}?recursive=1`,
        tree,
        repository,
        signal,
      );
      const files = new Map(
        entries.filter(({ type }) => type === 'blob').map((entry) => [entry.path, entry]),
      );
      return {
        revision: sha,
        paths: [...files.keys()],
        async describe(path) {
          const entry = files.get(path);
          if (entry?.size !== undefined) return { path, bytes: entry.size, sha256: null, gitSha1: entry.sha };
          const why = truncated ? 'GitHub lists only a part of it' : 'it is not there';
          throw new AppError('model.missing', `${path} was not found in ${repository}: ${why}.`);
        },
      };
    },
    open({ repository, revision, path, fromByte }, signal) {
      const headers = { 'accept-encoding': 'identity', ...(fromByte > 0 && { range: `bytes=${fromByte}-` }) };
      return ask(`${raw}/${repository}/${revision}/${encodePath(path)}`, repository, { headers, signal });
    },
  };
}
