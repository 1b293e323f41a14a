import type { Catalog } from '../../core/models/catalog.ts';
import type { ServerWelcome } from '../../core/protocol/server-header.ts';
import { espeakInfo } from '../../core/stages/built-in.ts';
import { pageNowMs } from '../audio/page-clock.ts';
import type { ServerLink } from '../state/server.ts';
import type { SettingsStore } from '../state/settings-store.ts';

/** Looks for the server that the page came from, where that said that it has models of its own. */
export async function openServerLink(
  welcome: ServerWelcome | undefined,
  settings: SettingsStore,
  { models }: Catalog,
): Promise<ServerLink | undefined> {
  if (welcome === undefined) return undefined;
  // Without it the page does all by itself.
  const code = await import('./server-link.ts').catch(() => undefined);
  const nameOf = (id: string): string =>
    id === espeakInfo.id ? espeakInfo.model : (models.find((model) => model.id === id)?.name ?? id);
  return code?.createServerLink({
    welcome,
    settings,
    fetch: (input, init) => fetch(input, init),
    nowMs: pageNowMs,
    after(ms, work) {
      const timer = setTimeout(work, ms);
      return () => clearTimeout(timer);
    },
    nameOf,
  });
}
