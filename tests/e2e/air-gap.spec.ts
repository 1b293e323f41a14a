import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { createHubServer } from '../../tools/models/serve-as-hub.ts';
import { ownWorkspace } from '../../tools/models/workspace.ts';
import { createClone } from '../support/clone.ts';
import { openOwnBrowser } from '../support/installed-app.ts';
import { openParley } from '../support/parley-page.ts';
import { holdConversation } from '../support/small-talk.ts';
import { TAP_URL, tapSource } from '../support/voice-kit.ts';

test('[AIR-3] models cross the gap in one archive, and on the other side a conversation works', async () => {
  test.setTimeout(300_000);
  const hub = createHubServer(ownWorkspace).listen(0, 'localhost');
  const near = await createClone(false);
  const far = await createClone(true);
  try {
    await new Promise((resolve) => (hub.listening ? resolve(undefined) : hub.once('listening', resolve)));
    const { port } = hub.address() as AddressInfo;
    const archive = join(near.folder, 'models.tar');
    const models = ['models', '--'];
    const pulled = await near.run(
      ...models,
      'pull',
      '--profile',
      'starter-test',
      '--hub',
      `http://localhost:${port}`,
    );
    expect(pulled).toMatch(/Got \d+ files/);
    expect(await near.run(...models, 'bundle', archive)).toContain('4 models');
    hub.closeAllConnections();
    hub.close();

    expect(existsSync(join(far.folder, 'public/models/starter'))).toBe(false);
    expect(await far.run(...models, 'unbundle', archive)).toContain('each with the right hash');
    await near.remove();
    expect(await far.run(...models, 'verify')).toMatch(/All \d+ files are right/);

    // The test's own ear on the loudspeaker, as a file of the page.
    await writeFile(join(far.folder, 'public', TAP_URL), tapSource);
    const printed = await far.serve(
      ['start', '--silent', '--', '--offline'],
      /^Parley is at .*\n(?:.+\n)*offline yes/m,
    );
    const url = /http:\/\/localhost:\d+/.exec(printed)?.[0] ?? '';
    expect(printed).toContain('models  starter/chat, starter/recogniser');
    const policy = (await fetch(url)).headers.get('content-security-policy');
    expect(policy).toContain("connect-src 'self';");

    const browser = await openOwnBrowser(url);
    const page = await browser.context.newPage();
    const parley = await openParley(page, { device: 'wasm', path: url });
    await holdConversation(parley);
    expect(browser.guard.problems()).toEqual([]);
    await browser.close();
  } finally {
    hub.close();
    await near.remove();
    await far.remove();
  }
});
