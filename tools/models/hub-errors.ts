import { AppError } from '../../core/errors.ts';

interface Asked {
  hub: string;
  repository: string;
  path: string;
  /** Whether a token was sent. */
  token: boolean;
}

/** A refusal in words. The reason stands in `X-Error-Code`: a repository that does not exist also answers 401. */
export function explainAnswer(response: Response, { hub, repository, path, token }: Asked): AppError {
  const reason = response.headers.get('x-error-code');
  const file = path.split('/resolve/')[1]?.replace(/^[^/]+\//, '');
  switch (response.status) {
    case 401:
    case 403:
      if (reason === 'GatedRepo') return gated(hub, repository, token);
      if (reason === 'RepoNotFound') break;
      return new AppError(
        'hub.denied',
        `${hub} refuses ${repository}. If it is private, set HF_TOKEN to an access token that may read it.`,
      );
    case 404:
      break;
    default:
      return new AppError(
        'hub.unreachable',
        `${hub} answered ${response.status} for ${repository}. Try again later.`,
        {
          retryable: response.status === 408 || response.status === 429 || response.status >= 500,
          cause: response,
        },
      );
  }
  if (reason === 'RevisionNotFound') {
    return new AppError(
      'model.missing',
      `${hub} does not have the locked revision of ${repository}. To take the newest, delete its entry in models.lock.json.`,
    );
  }
  const what = file === undefined ? `the repository ${repository}` : `${file} in ${repository}`;
  return new AppError(
    'model.missing',
    `${hub} does not have ${what}. Check the name, or pull from another hub.`,
  );
}

function gated(hub: string, repository: string, token: boolean): AppError {
  const next = token
    ? 'The token in HF_TOKEN has no access yet: accept the terms with its account, or wait for the owner.'
    : 'Accept its terms there, make an access token, and set it as HF_TOKEN.';
  return new AppError('hub.denied', `${repository} is gated: ${hub}/${repository}. ${next}`);
}

/** No answer at all. */
export function explainSilence(hub: string, cause: unknown): AppError {
  return new AppError(
    'hub.unreachable',
    `${hub} does not answer. Check the network, or choose a mirror with --hub.`,
    {
      retryable: true,
      cause,
    },
  );
}
