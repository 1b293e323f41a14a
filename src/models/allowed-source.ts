import { isAllowedBy } from '../../core/models/source.ts';
import type { Source } from '../../core/models/source.ts';

/**
 * Whether this page may fetch from a source. The server says so in the content security policy of the page; what it
 * redirects to shows when it is tried.
 */
export async function isAllowed(source: Source): Promise<boolean> {
  if (source.kind === 'site') return true;
  // A page that cannot be asked again, as without network, is no reason to forbid anything: the browser will.
  const response = await fetch(location.pathname, { method: 'HEAD' }).catch(() => undefined);
  const policy = response?.headers.get('content-security-policy') ?? null;
  return isAllowedBy(policy, source, location.origin);
}
