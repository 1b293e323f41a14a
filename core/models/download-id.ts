import type { ListedModel, ListedVariant } from './listing.ts';

/** The name under which a variant is fetched and kept. */
export function downloadId(
  { id }: Pick<ListedModel, 'id'>,
  { device, dtype }: Pick<ListedVariant, 'device' | 'dtype'>,
): string {
  const formats = typeof dtype === 'string' ? [dtype] : Object.values(dtype);
  return [id, device, ...formats].join(' ');
}
