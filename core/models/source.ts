import { AppError } from '../errors.ts';
import type { Settings } from '../settings/settings.ts';
import type { RemoteFile } from './downloads.ts';

/** Where the public models of the world lie. */
export const PUBLIC_HUB = 'https://huggingface.co';

/** Where a download comes from: this site's own folder, or something that answers as a hub does. */
export type Source = { kind: 'site' } | { kind: 'hub'; url: string };

/** @throws AppError `input.invalid` where a mirror is chosen and its address cannot be used. */
export function sourceOf({ kind, mirrorUrl }: Settings['modelSource']): Source {
  if (kind === 'site') return { kind };
  if (kind === 'hub') return { kind, url: PUBLIC_HUB };
  const url = parseMirror(mirrorUrl);
  if (url !== undefined) return { kind: 'hub', url };
  throw new AppError(
    'input.invalid',
    'The address of the mirror cannot be used. Give one like https://models.example.org under “Where models come from”.',
  );
}

/** The base URL of a mirror without a slash at its end, or undefined: http or https, no password, no query. */
export function parseMirror(text: string): string | undefined {
  if (!URL.canParse(text.trim())) return undefined;
  const { protocol, username, search, hash, href } = new URL(text.trim());
  const plain = username === '' && search === '' && hash === '';
  return /^https?:$/.test(protocol) && plain ? href.replace(/\/+$/, '') : undefined;
}

/**
 * The address of a file, or undefined where the source cannot have it: a hub is asked for a fixed commit only.
 * @param siteUrl the folder of models of this site, with a slash at its end
 */
export function fileUrl(source: Source, file: RemoteFile, siteUrl: string): string | undefined {
  const path = file.path.split('/').map(encodeURIComponent).join('/');
  if (source.kind === 'site') return `${siteUrl}${file.repository}/${path}`;
  if (file.revision === null) return undefined;
  return `${source.url}/${file.repository}/resolve/${file.revision}/${path}`;
}

/** What a person knows the source as: a host name, or "this site". */
export function nameOfSource(source: Source): string {
  return source.kind === 'site' ? 'this site' : new URL(source.url).host;
}

/**
 * Whether a page under this content security policy may ask the source. What the source redirects to is another
 * question, which only the browser can answer.
 * @param policy the header; null where there is none, which allows everything
 */
export function isAllowedBy(policy: string | null, source: Source, ownOrigin: string): boolean {
  if (policy === null || source.kind === 'site') return true;
  const { origin, host, protocol } = new URL(source.url);
  if (origin === ownOrigin) return true;
  const directives = policy.split(';').map((each) => each.trim().split(/\s+/));
  const sources = ['connect-src', 'default-src']
    .map((name) => directives.find(([first]) => first === name))
    .find((found) => found !== undefined);
  if (sources === undefined) return true;
  return sources.slice(1).some((allowed) => {
    if (allowed === '*' || allowed === protocol || allowed === origin || allowed === host) return true;
    const [scheme, suffix] = allowed.split('://*.');
    return `${scheme}:` === protocol && suffix !== undefined && host.endsWith(`.${suffix}`);
  });
}
