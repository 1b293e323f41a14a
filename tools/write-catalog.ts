/**
 * `npm run catalog`: writes public/models/catalog.json and its JSON Schema. Run it after the starter models were
 * trained anew, or after the list in tools/models/list was changed.
 */
import { join } from 'node:path';
import { z } from 'zod';
import { listingSchema } from '../core/models/listing.ts';
import { writeAtomically } from './models/files.ts';
import { ownWorkspace, writeCatalogue } from './models/workspace.ts';

/** The JSON Schema of the catalogue, for editors. */
export function catalogueSchema(): unknown {
  return z.toJSONSchema(listingSchema, { io: 'input' });
}

if (import.meta.main) {
  await writeCatalogue(ownWorkspace, 'rehash');
  const schema = `${JSON.stringify(catalogueSchema(), null, 2)}\n`;
  await writeAtomically(join(ownWorkspace.modelsDir, 'catalog.schema.json'), schema);
}
