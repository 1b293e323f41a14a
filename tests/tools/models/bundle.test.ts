import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { lockSchema } from '../../../tools/models/lock.ts';
import { endOfArchive, encodeHeader, padding } from '../../../tools/models/tar.ts';
import { sha256Of } from '../../support/fake-hub.ts';
import { CHAT, LIBRARY, OWN, WEB_LLM, createKit, createFilledKit } from '../../support/model-workspace.ts';
import type { Kit } from '../../support/model-workspace.ts';

let source: Kit;
let target: Kit;
let archive: string;

beforeAll(async () => {
  source = await createFilledKit();
  archive = join(source.modelsDir, '../models.tar');
  await source.run('bundle', archive);
});
afterAll(() => source.remove());
beforeEach(() => {
  target = createKit();
});
afterEach(() => target.remove());

/** All files below a folder. */
function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => entry.name);
}

/** An archive made by hand; the manifest names the files as they are unless told otherwise. */
function forge(
  entries: { path: string; content: string; type?: string }[],
  options: { manifest?: unknown } = {},
): string {
  const files = entries.map(({ path, content }) => ({
    path,
    bytes: Buffer.byteLength(content),
    sha256: sha256Of(content),
  }));
  const manifest = options.manifest ?? { version: 1, lock: { version: 1, repositories: {} }, files };
  const all = [{ path: 'manifest.json', content: JSON.stringify(manifest) }, ...entries];
  const pieces = all.flatMap(({ path, content, ...rest }) => {
    const header = Buffer.from(encodeHeader(path, Buffer.byteLength(content)));
    if ('type' in rest && rest.type) retype(header, rest.type);
    return [header, Buffer.from(content), padding(Buffer.byteLength(content))];
  });
  const file = join(target.modelsDir, '../forged.tar');
  writeFileSync(file, Buffer.concat([...pieces, endOfArchive]));
  return file;
}

/** Another kind of entry, its checksum made right. */
function retype(header: Buffer, type: string): void {
  const sum = Number.parseInt(header.toString('latin1', 148, 154), 8) - header[156]! + type.charCodeAt(0);
  header.write(type, 156);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
}

describe('an archive', () => {
  it('carries models into an empty folder, where every file is verified', async () => {
    expect(await target.run('unbundle', archive)).toBe(0);
    expect(await target.run('verify', CHAT, WEB_LLM, OWN)).toBe(0);
    expect(target.printed()).toContain(`ok          mlc-ai/binary-mlc-llm-libs/${LIBRARY}`);
    expect(readFileSync(target.workspace.lockFile)).toEqual(readFileSync(source.workspace.lockFile));
    expect(readFileSync(join(target.modelsDir, 'catalog.json'))).toEqual(
      readFileSync(join(source.modelsDir, 'catalog.json')),
    );
  });

  it('is the same whenever it is made of the same files', async () => {
    const again = join(source.modelsDir, '../again.tar');
    expect(await source.run('bundle', again)).toBe(0);
    expect(readFileSync(again).equals(readFileSync(archive))).toBe(true);
  });

  it('holds only the models that were asked for', async () => {
    const one = join(source.modelsDir, '../one.tar');
    expect(await source.run('bundle', one, WEB_LLM)).toBe(0);
    expect(await target.run('unbundle', one)).toBe(0);
    expect(existsSync(join(target.modelsDir, CHAT))).toBe(false);
    expect(await target.run('verify', WEB_LLM)).toBe(0);
    expect(await target.run('verify', CHAT)).toBe(1);
  });

  it('can be listed by other programs', () => {
    const { stdout, status } = spawnSync('tar', ['-tf', archive], { encoding: 'utf8' });
    expect(status).toBe(0);
    expect(stdout.split('\n')[0]).toBe('manifest.json');
    expect(stdout).toContain(`${CHAT}/onnx/model_quantized.onnx`);
  });

  it('is not made of a damaged or missing file', async () => {
    await target.run('unbundle', archive);
    const out = join(target.modelsDir, '../out.tar');
    writeFileSync(join(target.modelsDir, WEB_LLM, 'params_shard_0.bin'), 'FIRST SHARD');
    expect(await target.run('bundle', out)).toBe(1);
    expect(target.printed()).toContain('params_shard_0.bin is damaged');
    rmSync(join(target.modelsDir, WEB_LLM, 'params_shard_0.bin'));
    expect(await target.run('bundle', out)).toBe(1);
    expect(target.printed()).toContain('params_shard_0.bin is not here');
    expect(readdirSync(join(target.modelsDir, '..')).filter((name) => name.startsWith('out'))).toEqual([]);
  });
});

describe('unpacking refuses', () => {
  it.each(['../outside.json', '/tmp/outside.json', `${OWN}/../../outside.json`, `${OWN}/./config.json`])(
    'the path %s',
    async (path) => {
      expect(await target.run('unbundle', forge([{ path, content: '{}' }]))).toBe(1);
      expect(filesIn(target.modelsDir)).toEqual([]);
      expect(existsSync(join(target.modelsDir, '../outside.json'))).toBe(false);
    },
  );

  it.each([
    ['a symbolic link', '2'],
    ['a hard link', '1'],
    ['a device', '3'],
  ])('%s, whatever the manifest calls it', async (_name, type) => {
    const file = forge([{ path: `${OWN}/config.json`, content: '{}', type }]);
    expect(await target.run('unbundle', file)).toBe(1);
    expect(target.printed()).toContain('a link or a folder');
    expect(filesIn(target.modelsDir)).toEqual([]);
  });

  it('[MODEL-4] a folder that is a link to elsewhere', async () => {
    symlinkSync(source.modelsDir, join(target.modelsDir, 'starter'));
    const before = readFileSync(join(source.modelsDir, OWN, 'config.json'), 'utf8');
    expect(await target.run('unbundle', forge([{ path: `${OWN}/config.json`, content: '{"x":1}' }]))).toBe(1);
    expect(readFileSync(join(source.modelsDir, OWN, 'config.json'), 'utf8')).toBe(before);
  });

  it('[MODEL-4] a file that belongs to no model, the catalogue itself among them', async () => {
    expect(await target.run('unbundle', forge([{ path: 'catalog.json', content: '{}' }]))).toBe(1);
    expect(target.printed()).toContain('no file of a model');
  });

  it('a file of a model that its lock does not know', async () => {
    expect(await target.run('unbundle', forge([{ path: `${CHAT}/config.json`, content: '{}' }]))).toBe(1);
    expect(target.printed()).toContain('contradicts itself');
  });

  it('a file that the manifest does not name, and one that it names in vain', async () => {
    const manifest = { version: 1, lock: { version: 1, repositories: {} }, files: [] };
    const entries = [{ path: `${OWN}/config.json`, content: '{}' }];
    expect(await target.run('unbundle', forge(entries, { manifest }))).toBe(1);
    expect(target.printed()).toContain('does not name it');
    const named = { ...manifest, files: [{ path: `${OWN}/config.json`, bytes: 2, sha256: sha256Of('{}') }] };
    expect(await target.run('unbundle', forge([], { manifest: named }))).toBe(1);
    expect(target.printed()).toContain(`lacks ${OWN}/config.json`);
  });

  it('a file with another hash, of which nothing stays', async () => {
    const files = [{ path: `${OWN}/config.json`, bytes: 2, sha256: sha256Of('[]') }];
    const manifest = { version: 1, lock: { version: 1, repositories: {} }, files };
    const file = forge([{ path: `${OWN}/config.json`, content: '{}' }], { manifest });
    expect(await target.run('unbundle', file)).toBe(1);
    expect(target.printed()).toContain(`${OWN}/config.json was damaged on the way`);
    expect(filesIn(target.modelsDir)).toEqual([]);
  });

  it('an archive that ends too early, a damaged one, and one of something else', async () => {
    const whole = readFileSync(archive);
    const file = join(target.modelsDir, '../part.tar');
    writeFileSync(file, whole.subarray(0, whole.length / 2));
    expect(await target.run('unbundle', file)).toBe(1);
    expect(target.printed()).toContain('ends too early');
    writeFileSync(file, Buffer.concat([Buffer.from('x'), whole.subarray(1)]));
    expect(await target.run('unbundle', file)).toBe(1);
    expect(target.printed()).toContain('no archive');
    writeFileSync(file, '');
    expect(await target.run('unbundle', file)).toBe(1);
    expect(await target.run('unbundle', join(target.modelsDir, 'none.tar'))).toBe(1);
  });

  it('a model of which another revision, or another file, is locked here', async () => {
    const lock = lockSchema.parse(JSON.parse(readFileSync(source.workspace.lockFile, 'utf8')));
    const chat = lock.repositories[CHAT]!;
    const revision = '0'.repeat(40);
    for (const other of [
      { ...chat, revision },
      { ...chat, files: { 'config.json': { bytes: 2, sha256: sha256Of('{}') } } },
    ]) {
      const repositories = { [CHAT]: other };
      writeFileSync(target.workspace.lockFile, JSON.stringify({ version: 1, repositories }));
      expect(await target.run('unbundle', archive)).toBe(1);
      expect(target.printed()).toContain(`another ${CHAT} than is known here`);
    }
    expect(filesIn(target.modelsDir)).toEqual([]);
  });
});
