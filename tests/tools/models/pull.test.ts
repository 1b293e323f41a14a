import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseCatalog } from '../../../core/models/catalog.ts';
import { parseListing } from '../../../core/models/listing.ts';
import { LIBRARY_REPOSITORY } from '../../../tools/models/list/entry.ts';
import { lockSchema } from '../../../tools/models/lock.ts';
import { writeCatalogue } from '../../../tools/models/workspace.ts';
import { sha256Of, startFakeHub } from '../../support/fake-hub.ts';
import type { FakeHub } from '../../support/fake-hub.ts';
import {
  CHAT,
  LIBRARY,
  OWN,
  WEB_LLM,
  chatFiles,
  createKit,
  fillHub,
  webLlmFiles,
} from '../../support/model-workspace.ts';
import type { Kit } from '../../support/model-workspace.ts';

let hub: FakeHub;
let kit: Kit;
beforeEach(async () => {
  hub = await startFakeHub();
  kit = createKit();
  fillHub(hub);
});
afterEach(async () => {
  await hub.close();
  kit.remove();
});

const WEIGHTS = 'onnx/model_quantized.onnx';
const pull = (...ids: string[]): Promise<number> => kit.run('pull', ...ids, '--hub', hub.url);
const here = (path: string): string => join(kit.modelsDir, path);
const lock = () => lockSchema.parse(JSON.parse(readFileSync(kit.workspace.lockFile, 'utf8')));
const json = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));
const contentRequests = () =>
  hub.asked.filter(({ path }) => path.startsWith('/cdn/') || path.includes('/resolve/'));

/** A moment that something in the test waits for. */
function moment(): { reached: Promise<void>; reach: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { reached: promise, reach: () => resolve() };
}

/** Resolves when a begun download has that many bytes on disk. */
async function partHas(path: string, bytes: number): Promise<void> {
  const part = `${here(path)}.part`;
  while (!existsSync(part) || statSync(part).size < bytes) await new Promise(setImmediate);
}

describe('a first pull', () => {
  it('fetches what the model needs and nothing else, and records revision, sizes and hashes', async () => {
    expect(await pull(CHAT)).toBe(0);
    const { 'README.md': _readme, 'onnx/model_q4f16.onnx': _other, ...wanted } = chatFiles;
    for (const [path, content] of Object.entries(wanted))
      expect(readFileSync(here(`${CHAT}/${path}`)).equals(Buffer.from(content))).toBe(true);
    expect(existsSync(here(`${CHAT}/README.md`))).toBe(false);
    const { revision, files } = lock().repositories[CHAT]!;
    expect(revision).toMatch(/^[0-9a-f]{40}$/);
    expect(Object.keys(files).toSorted()).toEqual(Object.keys(wanted).toSorted());
    expect(files['config.json']?.sha256).toBe(sha256Of(chatFiles['config.json']));
    expect(kit.printed()).toContain('Got 7 files');
  });

  it('[MODEL-1] makes the model loadable in the catalogue, which it was not before', async () => {
    await kit.run('list');
    expect(kit.printed()).toContain('size unknown');
    await pull(CHAT);
    const catalogue = json(here('catalog.json'));
    const model = parseListing(catalogue).models.find(({ id }) => id === CHAT)!;
    expect(model.source?.revision).toBe(lock().repositories[CHAT]!.revision);
    expect(model.variants[1]!.files.map(({ path }) => path)).toContain('onnx/model_q4.onnx_data');
    const loadable = parseCatalog(catalogue).models.filter(({ variants }) =>
      variants.some(({ files }) => files !== null),
    );
    expect(loadable.map(({ id }) => id)).toEqual([CHAT]);
  });

  it('takes sizes and hashes from the headers where the hub does not list them', async () => {
    hub.hideMetadata();
    expect(await pull(CHAT)).toBe(0);
    expect(hub.asked.some(({ method }) => method === 'HEAD')).toBe(true);
    expect(await kit.run('verify', CHAT)).toBe(0);
  });

  it('fetches nothing and asks nobody where all is here', async () => {
    await pull(CHAT);
    hub.asked.length = 0;
    expect(await pull(CHAT)).toBe(0);
    expect(hub.asked).toEqual([]);
    expect(kit.printed()).toContain('here already');
  });

  it('brings a whole WebLLM model: every shard of its list, and its program from its own repository', async () => {
    expect(await pull(WEB_LLM)).toBe(0);
    for (const path of Object.keys(webLlmFiles)) expect(existsSync(here(`${WEB_LLM}/${path}`))).toBe(true);
    expect(readFileSync(here(`${LIBRARY_REPOSITORY}/${LIBRARY}`), 'utf8')).toBe('a program');
    expect(Object.keys(lock().repositories)).toEqual([LIBRARY_REPOSITORY, WEB_LLM]);
    const listed = parseListing(json(here('catalog.json'))).models.find(({ id }) => id === WEB_LLM)!;
    expect(listed.variants[0]!.library?.file.sha256).toBe(sha256Of('a program'));
    expect(listed.variants[0]!.served).toBe(true);
  });

  it('refuses a WebLLM model of which a shard is not on the hub', async () => {
    const { 'params_shard_1.bin': _missing, ...rest } = webLlmFiles;
    hub.commit(WEB_LLM, rest);
    expect(await pull(WEB_LLM)).toBe(1);
    expect(kit.printed()).toContain('params_shard_1.bin');
    expect(lock().repositories[WEB_LLM]?.files).toEqual({});
  });

  it('takes all models of a profile', async () => {
    expect(await kit.run('pull', '--profile', 'both', '--hub', hub.url)).toBe(0);
    expect(await kit.run('verify', CHAT, WEB_LLM)).toBe(0);
  });
});

describe('a pull that breaks off', () => {
  it('[MODEL-3] goes on where the connection was cut, by itself, and fetches nothing twice', async () => {
    const noticed = moment();
    hub.fail(WEIGHTS, { cut: { bytes: 18_500, noticed: noticed.reached } });
    const pulled = pull(CHAT);
    await partHas(`${CHAT}/${WEIGHTS}`, 18_500);
    noticed.reach();
    expect(await pulled).toBe(0);
    const ranges = hub.asked
      .filter(({ path }) => path.startsWith('/cdn/') && path.endsWith(WEIGHTS))
      .map(({ range }) => range);
    expect(ranges).toEqual([undefined, 'bytes=18500-']);
    expect(kit.waits).toHaveLength(1);
    expect(await kit.run('verify', CHAT)).toBe(0);
  });

  it('[MODEL-3] leaves what it has when it is stopped, and the next pull goes on from there', async () => {
    const never = moment();
    hub.fail(WEIGHTS, { cut: { bytes: 18_500, noticed: never.reached } });
    const pulled = pull(CHAT);
    await partHas(`${CHAT}/${WEIGHTS}`, 18_500);
    kit.interrupt();
    expect(await pulled).toBe(130);
    expect(kit.printed()).toContain('Stopped');
    never.reach();
    expect(existsSync(here(`${CHAT}/${WEIGHTS}`))).toBe(false);
    hub.asked.length = 0;
    expect(await pull(CHAT)).toBe(0);
    expect(contentRequests().map(({ range }) => range)).toContain('bytes=18500-');
    expect(await kit.run('verify', CHAT)).toBe(0);
  });

  it('[MODEL-2] keeps to the revision it began with, even when the hub has moved on', async () => {
    hub.fail(WEIGHTS, { status: 400 });
    expect(await pull(CHAT)).toBe(1);
    const { revision } = lock().repositories[CHAT]!;
    hub.commit(CHAT, { ...chatFiles, 'config.json': '{"newer":true}' });
    expect(await pull(CHAT)).toBe(0);
    expect(lock().repositories[CHAT]!.revision).toBe(revision);
    expect(readFileSync(here(`${CHAT}/config.json`), 'utf8')).toBe(chatFiles['config.json']);
  });

  it('waits as long as a busy hub asks, and goes on', async () => {
    hub.fail(WEIGHTS, { status: 429, headers: { 'retry-after': '7' } });
    hub.fail(WEIGHTS, { status: 503 });
    expect(await pull(CHAT)).toBe(0);
    expect(kit.waits[0]).toBe(7_000);
    expect(kit.waits).toHaveLength(2);
  });

  it('gives up in words where nobody answers', async () => {
    await hub.close();
    expect(await pull(CHAT)).toBe(1);
    expect(kit.printed()).toMatch(/does not answer.*--hub/);
    hub = await startFakeHub();
  });
});

describe('content that is not what it should be', () => {
  it('is deleted and named', async () => {
    hub.garble(WEIGHTS);
    expect(await pull(CHAT)).toBe(1);
    expect(kit.printed()).toContain(`${CHAT}/${WEIGHTS} has another hash`);
    for (const name of [WEIGHTS, `${WEIGHTS}.part`]) expect(existsSync(here(`${CHAT}/${name}`))).toBe(false);
    expect(lock().repositories[CHAT]?.files).toEqual({});
  });

  it('is noticed in small files too, which the hub knows by the hash of git', async () => {
    hub.garble('config.json');
    expect(await pull(CHAT)).toBe(1);
    expect(kit.printed()).toContain(`${CHAT}/config.json has another hash`);
    expect(existsSync(here(`${CHAT}/config.json`))).toBe(false);
  });

  it('is fetched anew where only what lay here was damaged', async () => {
    const part = here(`${CHAT}/${WEIGHTS}.part`);
    mkdirSync(dirname(part), { recursive: true });
    writeFileSync(part, 'damaged');
    expect(await pull(CHAT)).toBe(0);
    const ranges = hub.asked
      .filter(({ path }) => path.startsWith('/cdn/') && path.endsWith(WEIGHTS))
      .map(({ range }) => range);
    expect(ranges).toEqual(['bytes=7-', undefined]);
    expect(await kit.run('verify', CHAT)).toBe(0);
  });

  it('is replaced where a file was damaged after the pull', async () => {
    await pull(CHAT);
    writeFileSync(here(`${CHAT}/config.json`), chatFiles['config.json'].toUpperCase());
    expect(await kit.run('verify', CHAT)).toBe(1);
    expect(await pull(CHAT)).toBe(0);
    expect(await kit.run('verify', CHAT)).toBe(0);
  });

  it('does not become right for a model of Parley itself because another one was pulled', async () => {
    for (const path of ['config.json', 'onnx/own.onnx']) {
      mkdirSync(dirname(here(`${OWN}/${path}`)), { recursive: true });
      writeFileSync(here(`${OWN}/${path}`), 'right');
    }
    await writeCatalogue(kit.workspace, 'rehash');
    writeFileSync(here(`${OWN}/config.json`), 'wrong');
    expect(await pull(CHAT)).toBe(0);
    expect(await kit.run('verify', OWN)).toBe(1);
    expect(kit.printed()).toContain(`wrong hash  ${OWN}/config.json`);
  });

  it('[MODEL-2] is refused where a hub offers another file under the locked revision', async () => {
    await pull(CHAT);
    const { revision } = lock().repositories[CHAT]!;
    rmSync(here(`${CHAT}/${WEIGHTS}`));
    const text = readFileSync(kit.workspace.lockFile, 'utf8');
    writeFileSync(kit.workspace.lockFile, text.replace(sha256Of(chatFiles[WEIGHTS]), '0'.repeat(64)));
    expect(await pull(CHAT)).toBe(1);
    expect(kit.printed()).toContain('another onnx/model_quantized.onnx');
    expect(lock().repositories[CHAT]!.revision).toBe(revision);
    expect(existsSync(here(`${CHAT}/${WEIGHTS}`))).toBe(false);
  });
});

describe('a hub that refuses', () => {
  it('says how to get at a gated model', async () => {
    hub.gate(CHAT);
    expect(await pull(CHAT)).toBe(1);
    expect(kit.printed()).toMatch(/is gated: .*tiny\/chat.*HF_TOKEN/);
  });

  it('names a repository, a revision or a file that it does not have', async () => {
    hub.commit(CHAT, { 'config.json': '{}' });
    expect(await pull(CHAT)).toBe(1);
    expect(kit.printed()).toContain(`has no file generation_config.json in ${CHAT}`);
    const none = await startFakeHub();
    expect(await kit.run('pull', CHAT, '--hub', none.url)).toBe(1);
    expect(kit.printed()).toContain(`does not have the repository ${CHAT}`);
    none.commit(CHAT, chatFiles);
    writeFileSync(
      kit.workspace.lockFile,
      JSON.stringify({ version: 1, repositories: { [CHAT]: { revision: 'a'.repeat(40), files: {} } } }),
    );
    expect(await kit.run('pull', CHAT, '--hub', none.url)).toBe(1);
    expect(kit.printed()).toContain('does not have the locked revision');
    await none.close();
  });

  it('has no models that belong to Parley: those are restored', async () => {
    expect(await kit.run('pull', OWN)).toBe(1);
    expect(kit.printed()).toContain('git checkout');
  });
});

describe('the folder of models', () => {
  it('[MODEL-5] is written to by one command at a time', async () => {
    const noticed = moment();
    hub.fail(WEIGHTS, { cut: { bytes: 10_000, noticed: noticed.reached } });
    const first = pull(CHAT);
    await partHas(`${CHAT}/${WEIGHTS}`, 10_000);
    const second = createKit();
    second.workspace.modelsDir = kit.modelsDir;
    expect(await second.run('pull', CHAT, '--hub', hub.url)).toBe(1);
    expect(second.printed()).toContain('Another command');
    second.remove();
    noticed.reach();
    expect(await first).toBe(0);
    expect(await kit.run('verify', CHAT)).toBe(0);
  });

  it('is given free by a process that was killed', async () => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    writeFileSync(here('.busy'), String(pid));
    expect(await pull(CHAT)).toBe(0);
  });

  it('is never left through a link', async () => {
    const outside = createKit();
    symlinkSync(outside.modelsDir, here('tiny'));
    expect(await pull(CHAT)).toBe(1);
    expect(kit.printed()).toContain('a link leads out');
    expect(existsSync(join(outside.modelsDir, 'chat/config.json'))).toBe(false);
    outside.remove();
  });

  it.runIf(existsSync('/dev/full'))('may run full, which is said', async () => {
    mkdirSync(here(`${CHAT}/onnx`), { recursive: true });
    symlinkSync('/dev/full', here(`${CHAT}/${WEIGHTS}.part`));
    expect(await pull(CHAT)).toBe(1);
    expect(kit.printed()).toContain('The disk is full');
  });
});
