import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { hashSources, PROGRAM_FILE, SOURCES_SECTION } from '../../tools/micro-models/web-llm/program.ts';

it('the committed program of the WebLLM micro-model was compiled from the sources beside it', async () => {
  const module = await WebAssembly.compile(readFileSync(PROGRAM_FILE));
  const [section] = WebAssembly.Module.customSections(module, SOURCES_SECTION);
  expect(new TextDecoder().decode(section)).toBe(hashSources());
});
