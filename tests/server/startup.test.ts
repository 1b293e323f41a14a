import { createServer, type Server } from 'node:http';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createApp } from '../../server/app.ts';
import { describeStart, explainListenError, findModels } from '../../server/startup.ts';

describe('at start', () => {
  it('names address, page and models', () => {
    const text = describeStart(
      { host: 'localhost', port: 8787 },
      { pageBuilt: true, models: ['starter/recogniser'] },
    );
    expect(text).toBe('Parley is at http://localhost:8787\npage    built\nmodels  starter/recogniser\n');
  });

  it('says what is missing and what to do', () => {
    const text = describeStart({ host: 'localhost', port: 8787 }, { pageBuilt: false, models: [] });
    expect(text).toContain('npm run build');
    expect(text).toContain('none in public/models');
  });

  it('warns that other machines get no microphone without https', () => {
    const text = describeStart({ host: '0.0.0.0', port: 80 }, { pageBuilt: true, models: [] });
    expect(text).toContain('http://localhost:80');
    expect(text).toContain('no microphone');
  });

  it('[AIR-2] says that it serves without network, and that devices lose the service worker', () => {
    const found = { pageBuilt: true, models: ['starter/chat'] };
    const config = { host: 'localhost', port: 8787 };
    const text = describeStart(config, { ...found, offline: true, removeServiceWorker: true });
    expect(text).toContain('\noffline yes: everything comes from this server');
    expect(text).toContain('\nremoval yes: devices that come back lose the service worker');
    expect(describeStart(config, found)).not.toMatch(/offline|removal/);
  });

  it('finds models by their config.json, however deep', () => {
    const folder = mkdtempSync(join(tmpdir(), 'parley-models-'));
    mkdirSync(join(folder, 'starter', 'chat', 'onnx'), { recursive: true });
    mkdirSync(join(folder, 'unfinished'));
    writeFileSync(join(folder, 'starter', 'chat', 'config.json'), '{}');
    writeFileSync(join(folder, 'catalog.json'), '{}');
    expect(findModels(folder)).toEqual(['starter/chat']);
    rmSync(folder, { recursive: true });
    expect(findModels(folder)).toEqual([]);
  });
});

describe('a port that is taken', () => {
  let other: Server | undefined;
  afterEach(() => other?.close());

  it('is explained with a way out', async () => {
    other = createServer();
    await new Promise<void>((resolve) => other?.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const app = await createApp({ pageDir: 'none', modelsDir: 'none' });
    const error = await app.listen({ port, host: '127.0.0.1' }).catch((reason: unknown) => reason);
    await app.close();
    const explained = explainListenError(error, { port, host: '127.0.0.1' });
    expect(explained.message).toContain(`Port ${port} is taken`);
    expect(explained.message).toContain('PORT=');
  });
});
