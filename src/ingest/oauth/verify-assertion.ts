import { createPublicKey, type KeyObject } from 'node:crypto';
import type { JWTPayload } from 'jose';
import { limits } from '../../core/limits.ts';
import type { OAuthAppConfig, OAuthKeyConfig } from '../../core/oauth.ts';
import { type TokenError, tokenErrors } from './token-error.ts';

/** An assertion as it claims to be; nothing of it is proved yet. */
export interface ClaimedAssertion {
  readonly text: string;
  readonly app: string;
  readonly keyId: string;
  readonly jti: string;
  readonly audiences: readonly string[];
  readonly issuedAt: number;
  readonly expiresAt: number;
}

/** Loaded with the first assertion: most deployments never meet one. */
const jose = {
  decode: () => import('jose/jwt/decode'),
  header: () => import('jose/decode/protected_header'),
  verify: () => import('jose/jwt/verify'),
  errors: () => import('jose/errors'),
};

const keys = new WeakMap<OAuthKeyConfig, KeyObject>();

/** Reads what an assertion says of itself (spec tracking-api §3.4; `iss` may be anything). */
export async function readAssertion(text: string): Promise<ClaimedAssertion | TokenError> {
  const { decodeJwt } = await jose.decode();
  const { decodeProtectedHeader } = await jose.header();
  let claims: JWTPayload;
  let header: ReturnType<typeof decodeProtectedHeader>;
  try {
    claims = decodeJwt(text);
    header = decodeProtectedHeader(text);
  } catch {
    return tokenErrors.noJwt;
  }
  if (header.alg !== 'RS256') return tokenErrors.algorithm;
  const { sub, jti, aud, iat, exp } = claims;
  const isText = (value: unknown) => typeof value === 'string' && value !== '';
  const audiences = Array.isArray(aud) ? aud : [aud];
  if (!isText(header.kid) || ![sub, jti, ...audiences].every(isText)) return tokenErrors.claims;
  if (!Number.isFinite(iat) || !Number.isFinite(exp)) return tokenErrors.claims;
  return {
    text,
    app: String(sub),
    keyId: String(header.kid),
    jti: String(jti),
    audiences: audiences.map(String),
    issuedAt: Number(iat),
    expiresAt: Number(exp),
  };
}

/** Why an assertion does not prove what it claims; undefined when it does. `now` in milliseconds. */
export async function assertionFault(
  claimed: ClaimedAssertion,
  app: OAuthAppConfig,
  now: number,
): Promise<TokenError | undefined> {
  const key = app.keys.find(({ id }) => id === claimed.keyId);
  if (key === undefined) return tokenErrors.key;
  if (claimed.expiresAt - claimed.issuedAt > limits.assertionSeconds) return tokenErrors.span;
  const { jwtVerify } = await jose.verify();
  const { JWTExpired, JWTClaimValidationFailed } = await jose.errors();
  try {
    await jwtVerify(claimed.text, keyObject(key), {
      algorithms: ['RS256'],
      currentDate: new Date(now),
      clockTolerance: limits.assertionSkewSeconds,
      // With it `iat` is looked at, also for lying in the future.
      maxTokenAge: limits.assertionSeconds,
    });
    return undefined;
  } catch (fault) {
    if (fault instanceof JWTExpired) return tokenErrors.expired;
    if (fault instanceof JWTClaimValidationFailed) return tokenErrors.early;
    return tokenErrors.signature;
  }
}

function keyObject(key: OAuthKeyConfig): KeyObject {
  const known = keys.get(key);
  if (known !== undefined) return known;
  const made = createPublicKey(key.publicKey);
  keys.set(key, made);
  return made;
}
