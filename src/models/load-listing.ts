import { AppError } from '../../core/errors.ts';
import { parseListing } from '../../core/models/listing.ts';
import type { Listing } from '../../core/models/listing.ts';
import { readWelcome } from '../../core/protocol/server-header.ts';
import type { ServerWelcome } from '../../core/protocol/server-header.ts';

/** What this site has. */
export interface Site {
  /** All models that it knows of, whether or not their files are here. */
  listing: Listing;
  /** Said by a server that has models of its own. */
  welcome: ServerWelcome | undefined;
}

/**
 * Asks this site for its models.
 * @throws AppError `model.missing` when the catalogue cannot be fetched, `input.invalid` when it does not fit.
 */
export async function loadListing(): Promise<Site> {
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
  return { listing: parseListing(json), welcome: readWelcome(response.headers) };
}
