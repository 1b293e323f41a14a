import { markerName, markerSchema, STORE_FOLDER } from '../core/models/store-layout.ts';

/**
 * A file that the page keeps on this device, whole and checked when it came; undefined where it is not kept. Nothing is
 * read before the file's bytes are asked for.
 */
export async function findStored(sha256: string): Promise<File | undefined> {
  // Absent in Node, and in a page over plain http.
  const storage = navigator.storage as StorageManager | undefined;
  try {
    const root = await storage?.getDirectory?.();
    const folder = await root?.getDirectoryHandle(STORE_FOLDER);
    if (folder === undefined) return undefined;
    const text = await (await folder.getFileHandle(markerName(sha256))).getFile();
    const marker = markerSchema.parse(JSON.parse(await text.text()));
    const file = await (await folder.getFileHandle(sha256)).getFile();
    return marker.sha256 === sha256 && marker.bytes === file.size ? file : undefined;
  } catch {
    // Not kept, taken away by the browser, or no storage at all: the site may have it.
    return undefined;
  }
}
