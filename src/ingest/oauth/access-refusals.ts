import type { DiscardCode } from '../../core/discard-codes.ts';
import { type Problem, problem } from '../problem.ts';

/** Why a request may not write to its source. */
export interface AccessRefusal {
  readonly problem: Problem;
  /** What its events are recorded as. Absent where the client keeps them and sends them again. */
  readonly discard?: DiscardCode;
}

function refusal(
  code: 'authentication_error' | 'forbidden',
  discard: DiscardCode,
  message: string,
): AccessRefusal {
  return { problem: problem(code, message, { detail: discard }), discard };
}

export const accessRefusals = {
  required: refusal(
    'authentication_error',
    'oauth_required',
    'The source requires OAuth: send Authorization: Bearer with an access token',
  ),
  invalid: refusal(
    'authentication_error',
    'oauth_token_invalid',
    'The access token is not one of this server, or its OAuth app is gone',
  ),
  expired: refusal(
    'authentication_error',
    'oauth_token_expired',
    'The access token has expired or was revoked',
  ),
  scope: refusal(
    'forbidden',
    'oauth_scope_missing',
    'The access token lacks the scope tracking_api:write',
  ),
  source: refusal(
    'forbidden',
    'oauth_source_not_connected',
    'The OAuth app of the access token may not write to this source',
  ),
} as const satisfies Record<string, AccessRefusal>;

/**
 * `expired` for clients that meet 511, and only it, with a new token and the same events. At 401 they
 * fetch a new token too, but give up the events.
 */
export const renewal: AccessRefusal = {
  problem: problem('new_token_required', 'The access token has expired or was revoked', {
    detail: 'oauth_token_expired',
  }),
};
