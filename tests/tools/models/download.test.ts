import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { download } from '../../../tools/models/download.ts';

/** An answer that breaks off after `bytes`, as if nobody had asked for a range. */
function brokenAnswer(bytes: number): Response {
  let sent = false;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (sent) controller.error(new Error('connection reset'));
      else controller.enqueue(new Uint8Array(bytes));
      sent = true;
    },
  });
  return new Response(body, { status: 200 });
}

it('[MODEL-3] gives up on a hub that begins anew each time and never gets further', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'parley-download-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  let asked = 0;
  const job = {
    name: 'model.onnx',
    file: join(folder, 'model.onnx'),
    bytes: 1_000,
    sha256: null,
    gitSha1: null,
    open: async () => brokenAnswer((asked += 1) === 2 ? 400 : 300),
    onBytes: () => {},
  };
  const deps = { signal: new AbortController().signal, sleep: () => Promise.resolve() };
  await expect(download(job, deps)).rejects.toMatchObject({ code: 'hub.unreachable' });
  // One that got further than the first, and from then on five that did not.
  expect(asked).toBe(7);
  expect(await readdir(folder)).toEqual(['model.onnx.part']);
});
