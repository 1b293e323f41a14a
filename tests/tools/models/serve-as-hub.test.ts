import type { Server } from 'node:http';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createHubServer } from '../../../tools/models/serve-as-hub.ts';
import { ownWorkspace } from '../../../tools/models/workspace.ts';
import { listen, sha256Of, stop } from '../../support/fake-hub.ts';
import { CHAT, OWN, WEB_LLM, chatFiles, createKit, createFilledKit } from '../../support/model-workspace.ts';
import type { Kit } from '../../support/model-workspace.ts';

let source: Kit;
let server: Server;
let url: string;
let target: Kit;

beforeAll(async () => {
  source = await createFilledKit();
  server = createHubServer(source.workspace);
  url = await listen(server);
});
afterAll(async () => {
  await stop(server);
  source.remove();
});
beforeEach(() => {
  target = createKit();
});
afterEach(() => target.remove());

describe('a Parley that serves as a hub', () => {
  it('gives another one the same models, revisions and hashes', async () => {
    expect(await target.run('pull', CHAT, WEB_LLM, '--hub', url)).toBe(0);
    expect(await target.run('verify', CHAT, WEB_LLM)).toBe(0);
    expect(readFileSync(target.workspace.lockFile)).toEqual(readFileSync(source.workspace.lockFile));
  });

  it('gives it the models that Parley brings along too', async () => {
    expect(await target.run('pull', '--profile', 'own', '--hub', url)).toBe(0);
    expect(await target.run('verify', OWN)).toBe(0);
    expect(readFileSync(join(target.modelsDir, OWN, 'onnx/own.onnx'), 'utf8')).toBe('own weights');
  });

  it('gives what a stopped pull lacks', async () => {
    const path = 'onnx/model_quantized.onnx';
    mkdirSync(join(target.modelsDir, CHAT, 'onnx'), { recursive: true });
    writeFileSync(join(target.modelsDir, CHAT, `${path}.part`), chatFiles[path].subarray(0, 20_000));
    expect(await target.run('pull', CHAT, '--hub', url)).toBe(0);
    expect(readFileSync(join(target.modelsDir, CHAT, path)).equals(chatFiles[path])).toBe(true);
  });

  it('says size and hash before it sends anything, and sends any range', async () => {
    const file = `${url}/${CHAT}/resolve/main/config.json`;
    const head = await fetch(file, { method: 'HEAD' });
    expect(head.headers.get('x-linked-etag')).toBe(`"${sha256Of(chatFiles['config.json'])}"`);
    expect(head.headers.get('content-length')).toBe(String(chatFiles['config.json'].length));
    const range = await fetch(file, { headers: { range: 'bytes=2-5' } });
    expect([range.status, await range.text()]).toEqual([206, chatFiles['config.json'].slice(2, 6)]);
    expect((await fetch(file, { headers: { range: 'bytes=900-' } })).status).toBe(416);
  });

  it.each([
    ['a file that is no part of a model', `/${CHAT}/resolve/main/README.md`, 'EntryNotFound'],
    ['a path that leads out', `/${CHAT}/resolve/main/..%2F..%2F..%2Fmodels.lock.json`, 'EntryNotFound'],
    ['a repository that it does not have', '/api/models/other/model/revision/main', 'RepoNotFound'],
    ['a revision that it does not have', `/api/models/${CHAT}/revision/dev`, 'RevisionNotFound'],
    ['an address that cannot be decoded', '/%E0%A4%A', 'RepoNotFound'],
  ])('does not have %s', async (_name, path, reason) => {
    const response = await fetch(url + path);
    expect([response.status, response.headers.get('x-error-code')]).toEqual([404, reason]);
  });

  it('no longer offers a file that was lost', async () => {
    const other = createKit();
    expect(await other.run('pull', CHAT, '--hub', url)).toBe(0);
    rmSync(join(other.modelsDir, CHAT, 'config.json'));
    const second = createHubServer(other.workspace);
    const secondUrl = await listen(second);
    expect(await target.run('pull', CHAT, '--hub', secondUrl)).toBe(1);
    expect(target.printed()).toContain(`has no file config.json in ${CHAT}`);
    await stop(second);
    other.remove();
  });

  it('listens until it is stopped', async () => {
    const served = new Promise<string>((resolve) => source.onPrint(resolve));
    const ended = source.run('serve-as-hub', '--port', '0');
    const address = /http:\/\/localhost:\d+/.exec(await served)![0];
    expect((await fetch(`${address}/api/models/${CHAT}/revision/main`)).status).toBe(200);
    source.interrupt();
    expect(await ended).toBe(0);
  });
});

describe('the starter models', () => {
  it('can be carried whole from this repository into an empty one: pulled, bundled, unpacked, verified', async () => {
    const starter = createHubServer(ownWorkspace);
    const starterUrl = await listen(starter);
    const middle = createKit();
    for (const kit of [middle, target]) {
      kit.workspace.list = ownWorkspace.list;
      kit.workspace.profiles = ownWorkspace.profiles;
    }
    const pulled = await middle.run('pull', '--profile', 'starter-test', '--hub', starterUrl);
    expect([pulled, middle.printed()]).toEqual([0, expect.stringContaining('Got')]);
    await stop(starter);
    const archive = join(middle.modelsDir, '../starter.tar');
    expect(await middle.run('bundle', archive)).toBe(0);
    expect(await target.run('unbundle', archive)).toBe(0);
    expect(await target.run('verify', ...ownWorkspace.profiles['starter-test']!)).toBe(0);
    const served = (folder: string): unknown =>
      JSON.parse(readFileSync(join(folder, 'catalog.json'), 'utf8'));
    expect(served(target.modelsDir)).toEqual(served(middle.modelsDir));
    middle.remove();
  });
});
