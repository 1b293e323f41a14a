import { knownFiles } from '../../core/models/listing.ts';
import type { ListedModel, ListedVariant } from '../../core/models/listing.ts';
import { describeListing, knownRepositories } from './describe.ts';
import { formatBytes } from './format.ts';
import { readLock } from './lock.ts';
import { readCatalogue } from './workspace.ts';
import type { Workspace } from './workspace.ts';

/** Every model of the list in words, one a line, and the profiles. */
export async function listModels(workspace: Workspace): Promise<string> {
  const lock = await readLock(workspace.lockFile);
  const own = knownRepositories(await readCatalogue(workspace), lock);
  const { models } = await describeListing({ ...workspace, lock, own });
  const rows = models.map((model) => [model.id, model.stages.join('+'), model.name, state(model)]);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
  const profiles = Object.entries(workspace.profiles).map(
    ([name, ids]) => `profile ${name}: ${ids.join(', ')}`,
  );
  return `${[...lines, '', ...profiles].join('\n')}\n`;
}

function state({ variants }: ListedModel): string {
  const words = variants.map((variant) => `${variant.device} ${dtypes(variant)}: ${size(variant)}`);
  return words.join(', ');
}

function dtypes({ dtype }: ListedVariant): string {
  return typeof dtype === 'string' ? dtype : [...new Set(Object.values(dtype))].join('/');
}

function size({ files, library, served }: ListedVariant): string {
  const known = knownFiles([...files, ...(library ? [library.file] : [])]);
  if (known === undefined) return 'size unknown';
  const bytes = formatBytes(known.reduce((sum, file) => sum + file.bytes, 0));
  return served ? `${bytes}, here` : bytes;
}
