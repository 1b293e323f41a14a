import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import { openVoiceSession } from './voice-session.ts';
import type { VoiceSession } from './voice-session.ts';

const PAGE = 'tests/support/pages/sequential.html';

/** Opens tests/support/pages/sequential.html, built as the product is and served by its server. */
export async function openSequentialSession(device: 'wasm' | 'webgpu'): Promise<VoiceSession> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-sequential-'));
  await build({ logLevel: 'error', build: { outDir: folder, rolldownOptions: { input: PAGE } } });
  const session = await openVoiceSession({ device, other: { folder: `${folder}/`, path: `/${PAGE}` } });
  return {
    ...session,
    async close() {
      await session.close();
      await rm(folder, { recursive: true });
    },
  };
}
