import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createGithub } from '../../../tools/models/github.ts';
import { createHub } from '../../../tools/models/hub.ts';
import { startFakeHub } from '../../support/fake-hub.ts';
import type { FakeHub } from '../../support/fake-hub.ts';
import { CHAT, chatFiles } from '../../support/model-workspace.ts';

let fake: FakeHub;
const { signal } = new AbortController();
beforeEach(async () => {
  fake = await startFakeHub();
});
afterEach(() => fake.close());

describe('a token', () => {
  it('opens a gated repository, and is not sent on to where the files lie', async () => {
    const revision = fake.commit(CHAT, chatFiles);
    fake.gate(CHAT);
    const file = { repository: CHAT, revision, path: 'onnx/model_q4.onnx', fromByte: 0 };
    const response = await createHub(fake.url, 'right').open(file, signal);
    expect(await response.text()).toBe(chatFiles['onnx/model_q4.onnx']);
    const sent = fake.asked.map(({ path, authorization }) => [path.split('/')[1], authorization]);
    expect(sent).toEqual([
      ['tiny', 'Bearer right'],
      ['cdn', undefined],
    ]);
  });

  it('that is not enough is not blamed on a missing one', async () => {
    const revision = fake.commit(CHAT, chatFiles);
    fake.gate(CHAT);
    const file = { repository: CHAT, revision, path: 'config.json', fromByte: 0 };
    await expect(createHub(fake.url, 'wrong').open(file, signal)).rejects.toMatchObject({
      code: 'hub.denied',
      message: expect.stringContaining('has no access yet') as unknown,
    });
  });
});

describe('a hub', () => {
  it('leaves out names that are no plain paths', async () => {
    fake.commit(CHAT, { ...chatFiles, '../../outside.json': '{}', '/etc/passwd': 'x' });
    const { paths } = await createHub(fake.url).look(CHAT, 'main', signal);
    expect(paths.toSorted()).toEqual(Object.keys(chatFiles).toSorted());
  });

  it('that answers something else is told apart from one that does not answer', async () => {
    await expect(createHub(`${fake.url}/x`).look(CHAT, 'main', signal)).rejects.toMatchObject({
      retryable: false,
    });
    await expect(createHub('http://127.0.0.1:9').look(CHAT, 'main', signal)).rejects.toMatchObject({
      code: 'hub.unreachable',
    });
  });
});

describe('GitHub', () => {
  it('gives the commit, the sizes and the hashes of git, and the content from a byte on', async () => {
    const revision = fake.commit('mlc-ai/libs', { 'web-llm/tiny.wasm': 'a program' });
    const github = createGithub(fake.url, fake.url);
    const found = await github.look('mlc-ai/libs', 'main', signal);
    expect(found.revision).toBe(revision);
    expect(await found.describe('web-llm/tiny.wasm')).toMatchObject({
      bytes: 9,
      sha256: null,
      // printf 'a program' | git hash-object --stdin
      gitSha1: 'a509d4506ca9a46825102dea41a8ca25d25e91f3',
    });
    const file = { repository: 'mlc-ai/libs', revision, path: 'web-llm/tiny.wasm', fromByte: 2 };
    const response = await github.open(file, signal);
    expect([response.status, await response.text()]).toEqual([206, 'program']);
    await expect(found.describe('web-llm/none.wasm')).rejects.toMatchObject({ code: 'model.missing' });
  });
});
