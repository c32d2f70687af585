import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { TributaryError } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json.ts';

const lifeSeconds = 3_000;

/**
 * The headers by which the SQL API knows the user: a token signed with the private key, or, in place of a password, a programmatic access
 * token (the SQL API takes no password). Throws `warehouse_failed` when the key is none.
 */
export function snowflakeLogin(settings: JsonObject, now: number): Record<string, string> {
  const text = (name: string) => String(settings[name] ?? '');
  const pem = text('privateKey');
  if (pem === '') {
    return {
      authorization: `Bearer ${text('password')}`,
      'x-snowflake-authorization-token-type': 'PROGRAMMATIC_ACCESS_TOKEN',
    };
  }
  const account = (text('account').split('.')[0] ?? '').toUpperCase();
  const user = `${account}.${text('username').toUpperCase()}`;
  return {
    authorization: `Bearer ${signedToken(pem, user, Math.floor(now / 1_000))}`,
    'x-snowflake-authorization-token-type': 'KEYPAIR_JWT',
  };
}

function signedToken(pem: string, user: string, issued: number): string {
  try {
    const key = createPrivateKey(pem);
    const spki = createPublicKey(key).export({ type: 'spki', format: 'der' });
    const print = createHash('sha256').update(spki).digest('base64');
    const claims = {
      ...{ iss: `${user}.SHA256:${print}`, sub: user },
      ...{ iat: issued, exp: issued + lifeSeconds },
    };
    const body = [{ alg: 'RS256', typ: 'JWT' }, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    return `${body}.${sign('sha256', Buffer.from(body), key).toString('base64url')}`;
  } catch (cause) {
    const text = 'Snowflake: the private key is not one in PEM, without a pass phrase';
    throw new TributaryError('warehouse_failed', text, { cause });
  }
}
