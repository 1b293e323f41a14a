import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { systemPrompt } from '../../core/chat/system-prompt.ts';
import { parseListing } from '../../core/models/listing.ts';
import type { ListedModel } from '../../core/models/listing.ts';
import { everydayTools } from '../../core/tools/everyday-tools.ts';
import { toolInstructions } from '../../engines/web-llm/tool-format.ts';
import { writeWebLlmModel, type MicroModel } from '../../tools/micro-models/web-llm/write-model.ts';
import { serveSite } from './site.ts';
import { spoilProgram } from './spoiled-program.ts';

/** Room for the page's instructions, a conversation, and the longest reply that the page asks for. */
const CONTEXT_TOKENS = 4096;

/** The product on its own server, with one more chat model: the micro-model in WebLLM's form. */
export interface WebLlmSite {
  url: string;
  model: MicroModel;
  /** Puts another program in the place of the model's; the catalogue takes it for the right one. */
  spoil(change: (program: Buffer) => Uint8Array): Promise<void>;
  /** Writes the sound model again. */
  restore(): Promise<void>;
  close(): Promise<void>;
}

export async function serveWebLlmSite(): Promise<WebLlmSite> {
  const modelsDir = await mkdtemp(join(tmpdir(), 'parley-web-llm-'));
  await symlink(resolve('public/models/starter'), join(modelsDir, 'starter'));
  const own: unknown = JSON.parse(await readFile('public/models/catalog.json', 'utf8'));
  const tools = everydayTools.map(({ description }) => description);
  const instructions = [systemPrompt({ language: 'en' }), toolInstructions(tools)].join('\n\n');
  const write = () => writeWebLlmModel(modelsDir, { contextTokens: CONTEXT_TOKENS, instructions });
  const list = async (model: MicroModel): Promise<void> => {
    const listing = parseListing(own);
    listing.models.push(listed(model));
    await writeFile(join(modelsDir, 'catalog.json'), JSON.stringify(listing));
  };
  const model = await write();
  await list(model);
  const site = await serveSite('dist', { modelsDir });
  return {
    url: site.url,
    model,
    async spoil(change) {
      await spoilProgram(model, modelsDir, change);
      await list(model);
    },
    async restore() {
      Object.assign(model, await write());
      await list(model);
    },
    async close() {
      await site.stop();
      await rm(modelsDir, { recursive: true, force: true });
    },
  };
}

function listed({ id, name, variant }: MicroModel): ListedModel {
  const { needs, files, library } = variant;
  return {
    id,
    stages: ['llm'],
    name,
    engine: 'web-llm',
    licence: 'Apache-2.0',
    languages: ['en'],
    source: null,
    prefers: 'webgpu',
    quality: 'good',
    speed: 'fast',
    variants: [
      {
        device: 'webgpu',
        dtype: 'q0f32',
        needs: { webgpu: true, memoryMb: null, threads: null, ...needs },
        served: true,
        files,
        library: { ...library, revision: null },
      },
    ],
  };
}
