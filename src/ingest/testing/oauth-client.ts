import { generateKeyPairSync, sign } from 'node:crypto';
import type { JsonObject } from '../../core/json.ts';
import type { OAuthAppConfig } from '../../core/oauth.ts';

/** An RSA key pair as an OAuth client has it. */
export const keyPair = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

export const oauthSecret = Buffer.alloc(32, 1).toString('base64url');

/** The app `app` with the key `key`, which may write to `src`. */
export function appConfig(more: Partial<OAuthAppConfig> = {}): OAuthAppConfig {
  return {
    id: 'app',
    scopes: ['tracking_api:write'],
    tokenSeconds: 86_400,
    generation: 0,
    keys: [{ id: 'key', publicKey: keyPair.publicKey }],
    sources: ['src'],
    ...more,
  };
}

let drawn = 0;

/** An assertion as the SDKs make it at `now` (ms), with claims and header changed; undefined leaves one out. */
export function assertion(
  now: number,
  claims: JsonObject = {},
  header: JsonObject = {},
  key: string = keyPair.privateKey,
): string {
  const seconds = now / 1000;
  const body = {
    ...{ iss: 'app', sub: 'app', aud: 'http://127.0.0.1', jti: `jti-${++drawn}` },
    ...{ iat: seconds - 5, exp: seconds + 55 },
    ...claims,
  };
  const encode = (part: JsonObject) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const text = `${encode({ alg: 'RS256', kid: 'key', typ: 'JWT', ...header })}.${encode(body)}`;
  return `${text}.${sign('RSA-SHA256', Buffer.from(text), key).toString('base64url')}`;
}

/** The form as the SDKs send it: nothing is escaped. */
export function tokenForm(jwt: string, scope = 'tracking_api:write'): string {
  const type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
  return `grant_type=client_credentials&client_assertion_type=${type}&client_assertion=${jwt}&scope=${scope}`;
}
