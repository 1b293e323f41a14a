/** Size and SHA-256 of model files by their path on this site: "/models/starter/chat/config.json". */
export type KnownHashes = ReadonlyMap<string, { bytes: number; sha256: string }>;

interface Part {
  path: string;
  bytes: number | null;
  sha256: string | null;
}

interface Model {
  id: string;
  variants: { files: Part[]; library?: { repository: string; file: Part } }[];
}

/**
 * Reads them out of the catalogue. The page itself checks the catalogue against its schema; this thread goes without
 * zod, and knows nothing where the catalogue does not look as it should.
 */
export function knownHashes(catalogue: unknown): KnownHashes {
  const known = new Map<string, { bytes: number; sha256: string }>();
  const add = (folder: string, { path, bytes, sha256 }: Part): void => {
    if (typeof bytes === 'number' && typeof sha256 === 'string')
      known.set(`/models/${folder}/${path}`, { bytes, sha256 });
  };
  try {
    for (const { id, variants } of (catalogue as { models: Model[] }).models) {
      for (const { files, library } of variants) {
        for (const file of files) add(id, file);
        if (library) add(library.repository, library.file);
      }
    }
  } catch {
    return new Map();
  }
  return known;
}
