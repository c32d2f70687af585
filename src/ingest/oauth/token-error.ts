import type { ErrorCode } from '../../core/errors.ts';
import type { Problem } from '../problem.ts';

/** The errors of RFC 6749 §5.2, and ours for what it leaves open. */
export type TokenErrorName =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_scope'
  | 'unsupported_grant_type'
  | 'rate_limit_exceeded'
  | 'temporarily_unavailable'
  | 'server_error';

/** Why no access token is given. */
export interface TokenError extends Problem {
  readonly error: TokenErrorName;
}

const codes = {
  400: 'validation_error',
  401: 'authentication_error',
  415: 'unsupported_media_type',
  429: 'rate_limit_exceeded',
  500: 'internal_error',
  503: 'unavailable',
} as const satisfies Record<number, ErrorCode>;

/** A refusal in the shape of RFC 6749 §5.2: `error` and `error_description`, both of which Segment's SDK for Python reads. */
function tokenError(
  status: keyof typeof codes,
  error: TokenErrorName,
  description: string,
  retryAfter?: number,
): TokenError {
  return {
    status,
    code: codes[status],
    error,
    body: JSON.stringify({ error, error_description: description }),
    ...(retryAfter === undefined ? {} : { retryAfter }),
  };
}

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** The refusals that are the same every time. */
export const tokenErrors = {
  mediaType: tokenError(
    415,
    'invalid_request',
    'The Content-Type must be application/x-www-form-urlencoded',
  ),
  encoding: tokenError(415, 'invalid_request', 'The body must not be compressed'),
  tooLarge: tokenError(400, 'invalid_request', 'The request is too large'),
  repeated: tokenError(400, 'invalid_request', 'A parameter is given twice'),
  grantMissing: tokenError(400, 'invalid_request', 'grant_type is missing'),
  grantType: tokenError(400, 'unsupported_grant_type', 'grant_type must be client_credentials'),
  assertionType: tokenError(
    400,
    'invalid_request',
    `client_assertion_type must be ${assertionType}`,
  ),
  assertionMissing: tokenError(400, 'invalid_request', 'client_assertion is missing'),
  noJwt: tokenError(400, 'invalid_request', 'client_assertion is not a JWT'),
  claims: tokenError(
    400,
    'invalid_request',
    'The assertion must have kid, sub, aud, iat, exp and jti of the right types',
  ),
  span: tokenError(400, 'invalid_request', 'The assertion may hold for 60 seconds at most'),
  // In these words, with invalid_request, the SDK for Python corrects its clock and tries again at once.
  expired: tokenError(400, 'invalid_request', 'Token is expired'),
  early: tokenError(400, 'invalid_request', 'Token used before issued'),
  client: tokenError(401, 'invalid_client', 'There is no such OAuth app'),
  key: tokenError(401, 'invalid_client', 'The OAuth app has no key with this kid'),
  algorithm: tokenError(401, 'invalid_client', 'The assertion must be signed with RS256'),
  signature: tokenError(401, 'invalid_client', 'The signature of the assertion does not hold'),
  audience: tokenError(
    401,
    'invalid_client',
    'The aud of the assertion must be the address of this server',
  ),
  replayed: tokenError(401, 'invalid_client', 'The assertion was used before'),
  scope: tokenError(400, 'invalid_scope', 'The OAuth app may not ask for this scope'),
  unavailable: tokenError(
    503,
    'temporarily_unavailable',
    'The assertion cannot be remembered just now',
    5,
  ),
  busy: tokenError(503, 'temporarily_unavailable', 'The server cannot take more just now', 5),
  internal: tokenError(500, 'server_error', 'Internal server error'),
} as const satisfies Record<string, TokenError>;

/** For an app that asks too often; `seconds` until it may again. */
export function tokenRateLimited(seconds: number): TokenError {
  return tokenError(429, 'rate_limit_exceeded', 'Rate limit exceeded', seconds);
}
