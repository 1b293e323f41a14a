import { jwtVerify } from 'jose';
import type { JwtConfig } from '../config/schema.ts';

const SHORTEST_SECRET = 32;

/** Who a token speaks for, or undefined where it is none of ours. */
export type VerifyToken = (token: string) => Promise<string | undefined>;

/**
 * Tokens signed with a shared secret by HS256 and nothing else, for this audience and from this issuer, with an end.
 * @throws Error in words when the secret is missing or short
 */
export function createTokenVerifier(
  { secretEnv, audience, issuer }: JwtConfig,
  env: Readonly<Record<string, string | undefined>>,
): VerifyToken {
  const secret = env[secretEnv] ?? '';
  if (secret.length < SHORTEST_SECRET) {
    throw new Error(`${secretEnv} must hold a secret of at least ${SHORTEST_SECRET} characters.`);
  }
  const key = new TextEncoder().encode(secret);
  const options = { algorithms: ['HS256'], audience, issuer, requiredClaims: ['exp', 'sub'] };
  return async (token) => {
    try {
      const { payload } = await jwtVerify(token, key, options);
      return payload.sub === undefined ? undefined : `sub:${payload.sub}`;
    } catch {
      return undefined;
    }
  };
}
