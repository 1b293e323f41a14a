import { AppError } from '../../core/errors.ts';
import { nameOfSource } from '../../core/models/source.ts';
import type { Source } from '../../core/models/source.ts';

/** What a message is about. */
export interface Wanted {
  /** The file as a person would find it: "onnx/model.onnx". */
  path: string;
  repository: string;
  source: Source;
}

/** The name of a source where a sentence begins with it. */
function atStart(source: Source): string {
  return source.kind === 'site' ? 'This site' : nameOfSource(source);
}

/** An answer that is no file, in words. */
export function explainAnswer(response: Response, wanted: Wanted): AppError {
  const { path, repository, source } = wanted;
  const from = atStart(source);
  // A repository that does not exist also answers 401; the reason stands in a header.
  const reason = response.headers.get('x-error-code');
  switch (response.status) {
    case 401:
    case 403:
      if (reason === 'RepoNotFound') break;
      return new AppError(
        'hub.denied',
        `${from} does not give ${repository} to everybody: it wants a login or a consent. Choose another source, or ask whoever runs this site to add the model.`,
      );
    case 404:
      if (reason !== 'RevisionNotFound') break;
      return new AppError(
        'model.missing',
        `${from} does not have the revision of ${repository} that this site's catalogue names. Choose another source, or ask whoever runs this site to pull the model anew.`,
      );
    case 200:
      break;
    default:
      return new AppError('hub.unreachable', describeFailure(response.status, from), {
        retryable: response.status === 408 || response.status === 429 || response.status >= 500,
        cause: response,
      });
  }
  const wayOut =
    source.kind === 'site'
      ? `Choose another source, or add it on the server with: npm run models -- pull ${repository}`
      : 'Choose another source.';
  return new AppError(
    'model.missing',
    `${from} does not have the file “${path}” of ${repository}. ${wayOut}`,
  );
}

function describeFailure(status: number, from: string): string {
  return status === 429
    ? `${from} has been asked too often. Wait a few minutes, then resume: what came so far is kept.`
    : `${from} answered with an error (${status}). Try again later: what came so far is kept.`;
}

/**
 * No answer at all.
 * @param blocked whether the browser said that the page's policy forbids the address
 */
export function explainSilence({ path, source }: Wanted, blocked: boolean, cause: unknown): AppError {
  const from = nameOfSource(source);
  if (blocked) {
    return new AppError(
      'hub.denied',
      `This page may not fetch from where ${from} sends “${path}”. Whoever runs this site can allow it with MODEL_SOURCES; until then choose “This site”.`,
      { cause },
    );
  }
  return new AppError(
    'hub.unreachable',
    `${atStart(source)} does not answer. Check the network, then resume: what came so far is kept.`,
    { retryable: true, cause },
  );
}

/** An answer that ended early, or brought nothing for too long. */
export function cutOff({ path, source }: Wanted, cause?: unknown): AppError {
  return new AppError(
    'hub.unreachable',
    `The connection to ${nameOfSource(source)} broke while “${path}” was coming. Resume: it goes on from there.`,
    { retryable: true, cause },
  );
}

/** @param resumed whether a part that lay here was gone on from, which may have been what was wrong */
export function wrongHash({ path, repository, source }: Wanted, resumed: boolean): AppError {
  return new AppError(
    'model.corrupt',
    `The file “${path}” of ${repository} is not the one that the catalogue names: its SHA-256 is another. It was thrown away. Download it again, or choose another source than ${nameOfSource(source)}.`,
    { retryable: resumed },
  );
}
