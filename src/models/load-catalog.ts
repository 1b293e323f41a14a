import { AppError } from '../../core/errors.ts';
import { parseCatalog } from '../../core/models/catalog.ts';
import type { Catalog } from '../../core/models/catalog.ts';

/**
 * The models that this site serves.
 * @throws AppError `model.missing` when the catalogue cannot be fetched, `input.invalid` when it does not fit.
 */
export async function loadCatalog(): Promise<Catalog> {
  const response = await fetch('/models/catalog.json').catch((cause: unknown) => {
    throw new AppError('model.missing', 'The model catalogue could not be fetched. Is the server running?', {
      cause,
      retryable: true,
    });
  });
  if (!response.ok) {
    throw new AppError(
      'model.missing',
      `The model catalogue is missing (${response.status}). Reload the page, or restore public/models/catalog.json.`,
      { retryable: true },
    );
  }
  const json: unknown = await response.json().catch(() => undefined);
  return parseCatalog(json);
}
