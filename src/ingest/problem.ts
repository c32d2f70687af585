import type { DiscardCode } from '../core/discard-codes.ts';
import { type ErrorCode, errorTable } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';

/** An answer other than success: status and body in the superset shape (spec tracking-api §6.3, C8). */
export interface Problem {
  readonly status: number;
  /** What the metrics count it as. */
  readonly code: ErrorCode | DiscardCode;
  /** JSON text. */
  readonly body: string;
  /** Whole seconds for the Retry-After header, 1 to 300. */
  readonly retryAfter?: number;
}

interface ProblemDetail {
  /** A narrower code than that of the error, for `error.code`. */
  readonly detail?: DiscardCode | ErrorCode;
  readonly field?: string | undefined;
  readonly retryAfter?: number;
}

/**
 * Builds the body every client can read: `error.type` as seed 001 names it, and `code` and `message`
 * at the top, without which the Python SDK takes a 400 for worth repeating.
 */
export function problem(code: ErrorCode, message: string, about: ProblemDetail = {}): Problem {
  const { status } = errorTable[code];
  const type = status === 400 ? 'validation_error' : code;
  const error: JsonObject = {
    type,
    code: about.detail ?? code,
    message,
    ...(about.field === undefined ? {} : { field: about.field }),
    ...(about.retryAfter === undefined ? {} : { retryAfter: about.retryAfter }),
  };
  return {
    status,
    code: about.detail ?? code,
    body: JSON.stringify({ success: false, error, code: type, message }),
    ...(about.retryAfter === undefined ? {} : { retryAfter: about.retryAfter }),
  };
}
