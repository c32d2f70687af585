import { type TokenError, tokenErrors } from './token-error.ts';

/** What is asked of the token endpoint. */
export interface TokenRequest {
  /** A JWT that the client signed. */
  readonly assertion: string;
  /** Names asked for; all that the app has when there are none. */
  readonly scopes: readonly string[];
}

const known = ['grant_type', 'client_assertion_type', 'client_assertion', 'scope'] as const;

/** Reads the form of spec tracking-api §3.4; the SDKs do not escape its values. */
export function readTokenRequest(body: Buffer): TokenRequest | TokenError {
  const form = new URLSearchParams(body.toString());
  if (known.some((name) => form.getAll(name).length > 1)) return tokenErrors.repeated;
  const [grant, type, assertion, scope] = known.map((name) => form.get(name) ?? '');
  if (!grant) return tokenErrors.grantMissing;
  if (grant !== 'client_credentials') return tokenErrors.grantType;
  if (type !== 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer') {
    return tokenErrors.assertionType;
  }
  if (!assertion) return tokenErrors.assertionMissing;
  return { assertion, scopes: (scope ?? '').split(' ').filter((name) => name !== '') };
}
