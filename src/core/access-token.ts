import { createHmac, timingSafeEqual } from 'node:crypto';
import { isJsonObject, type Json } from './json.ts';

/** What an access token says. */
export interface AccessToken {
  /** Its own id, to revoke it by. */
  readonly id: string;
  readonly app: string;
  /** The public key of the app whose owner asked for it; it falls with the key. */
  readonly key: string;
  /** See `OAuthAppConfig.generation`. */
  readonly generation: number;
  /** Names, separated by spaces. */
  readonly scope: string;
  /** Seconds since the epoch. */
  readonly issuedAt: number;
  readonly expiresAt: number;
}

/** The only header that is made or taken, so that no token chooses how it is judged. */
const header = Buffer.from('{"alg":"HS256","typ":"at+jwt","kid":"tributary"}').toString(
  'base64url',
);

/** Signs a token: a JWT (RFC 9068 in outline, HS256), so that whoever has the secret verifies it without a database. */
export function signAccessToken(token: AccessToken, secret: string): string {
  const claims = {
    jti: token.id,
    sub: token.app,
    key: token.key,
    gen: token.generation,
    scope: token.scope,
    iat: token.issuedAt,
    exp: token.expiresAt,
  };
  const text = `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
  return `${text}.${signature(text, secret).toString('base64url')}`;
}

/** Whether a text has the outside of a token of ours. It may be forged, or another server's. */
export function looksLikeAccessToken(text: string): boolean {
  return text.startsWith(`${header}.`);
}

/** What a token signed with this secret says, whether it has expired or not; undefined for every other text. */
export function verifyAccessToken(text: string, secret: string): AccessToken | undefined {
  const end = text.lastIndexOf('.');
  if (end <= header.length || !looksLikeAccessToken(text)) return undefined;
  const signed = text.slice(0, end);
  const expected = signature(signed, secret);
  const given = Buffer.from(text.slice(end + 1), 'base64url');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  return readClaims(signed.slice(header.length + 1));
}

function signature(text: string, secret: string): Buffer {
  return createHmac('sha256', Buffer.from(secret, 'base64url')).update(text).digest();
}

/** The claims of a token whose signature holds: `signAccessToken` wrote them. */
function readClaims(text: string): AccessToken | undefined {
  const claims: Json = JSON.parse(Buffer.from(text, 'base64url').toString());
  if (!isJsonObject(claims)) return undefined;
  const { jti, sub, key, gen, scope, iat, exp } = claims;
  return {
    id: String(jti),
    app: String(sub),
    key: String(key),
    generation: Number(gen),
    scope: String(scope),
    issuedAt: Number(iat),
    expiresAt: Number(exp),
  };
}
