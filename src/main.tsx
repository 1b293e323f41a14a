import '../core/no-eval.ts';
import { toAppError } from '../core/errors.ts';
import { parseCatalog } from '../core/models/catalog.ts';
import { createAppShell } from './app/create-app-shell.ts';
import { createConversation } from './app/create-conversation.ts';
import { createLazyStore } from './models/lazy-store.ts';
import { loadListing } from './models/load-listing.ts';
import { openServerLink } from './placement/open-server-link.ts';
import { openTierStore } from './placement/open-tier-store.ts';
import { createSettingsStore } from './state/settings-store.ts';
import { allowOwnWorkers } from './trusted-types.ts';
import { mountPage } from './ui/mount.tsx';

allowOwnWorkers();

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');

try {
  const settings = createSettingsStore(() => localStorage);
  const app = createAppShell();
  const { listing, welcome } = await loadListing();
  const store = createLazyStore(async () => {
    const { createModelStore } = await import('./models/model-store.ts');
    return createModelStore(listing, settings);
  });
  const { controlled } = app;
  const tier = await openTierStore();
  const catalog = parseCatalog(listing);
  const server = openServerLink(welcome, settings, catalog);
  const conversation = createConversation(catalog, settings, { controlled, tier, store, server });
  mountPage(root, { conversation, settings, store, app });
  app.follow(conversation, settings);
} catch (error) {
  // Before anything can be shown as a notice: say it in the page itself.
  const paragraph = document.createElement('p');
  paragraph.setAttribute('role', 'alert');
  paragraph.textContent = `Parley could not start. ${toAppError(error).message}`;
  root.replaceChildren(paragraph);
}
