import { limits } from '../core/limits.ts';
import { type Problem, problem } from './problem.ts';

/** The answers that are the same every time, built once. */
export const problems = {
  malformedJson: problem('validation_error', 'The body is not valid JSON'),
  notAnObject: problem('validation_error', 'The body is not a JSON object'),
  malformedGzip: problem('validation_error', 'The body is not valid gzip'),
  malformedRequest: problem('validation_error', 'The request is malformed'),
  missingHost: problem('validation_error', 'Missing Host header'),
  batchNotArray: problem('validation_error', 'Missing required field: batch', { field: 'batch' }),
  tooLarge: problem('payload_too_large', 'The payload is too large'),
  encoding: problem('unsupported_encoding', 'Content-Encoding must be gzip or identity'),
  writeKey: problem('authentication_error', 'Invalid write key'),
  unavailable: problem('log_unavailable', 'The server cannot take more just now', {
    retryAfter: limits.unavailableRetryAfter,
  }),
  overloaded: problem('overloaded', 'More is under way than the server takes at once', {
    retryAfter: limits.unavailableRetryAfter,
  }),
  tooManyConnections: problem('too_many_connections', 'Too many connections are open', {
    retryAfter: limits.unavailableRetryAfter,
  }),
  notFound: problem('not_found', 'There is no such path'),
  otherRole: problem('not_found', 'There is no such path at this node, which has not all roles'),
  unknownKey: problem('not_found', 'There is no such write key'),
  method: problem('method_not_allowed', 'The path does not take this method'),
  timeout: problem('request_timeout', 'The request did not arrive in time'),
  headers: problem('headers_too_large', 'The request headers are too large'),
  internal: problem('internal_error', 'Internal server error'),
} as const satisfies Record<string, Problem>;

/** The answer to a request above the source's rate; `seconds` until one more may pass. */
export function rateLimited(seconds: number): Problem {
  return problem('rate_limit_exceeded', 'Rate limit exceeded', { retryAfter: seconds });
}
