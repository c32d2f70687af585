/** When the same request may succeed if it is sent again. */
export type Retry = 'never' | 'later' | 'after-fix';

interface ErrorEntry {
  /** HTTP status an entry point answers with. */
  readonly status: number;
  readonly retry: Retry;
  /** One sentence for `docs/reference/errors.md`. */
  readonly meaning: string;
}

/**
 * Every operating error: the world said no. The codes are stable, public and documented in
 * `docs/reference/errors.md` (a test compares the two). Bugs are assertions instead, and what is
 * refused or dropped as designed is a value with a code of `core/discard-codes.ts`.
 */
export const errorTable = {
  validation_error: {
    status: 400,
    retry: 'after-fix',
    meaning: 'The request is malformed or lacks a required field; `field` names it.',
  },
  payload_too_large: {
    status: 400,
    retry: 'after-fix',
    meaning: 'The body, or one event of it, is larger than the source allows.',
  },
  unsupported_encoding: {
    status: 415,
    retry: 'after-fix',
    meaning: 'The Content-Encoding is neither identity nor gzip.',
  },
  unsupported_media_type: {
    status: 415,
    retry: 'after-fix',
    meaning: 'The Content-Type of an API request is not JSON.',
  },
  authentication_error: {
    status: 401,
    retry: 'after-fix',
    meaning: 'The write key or access token is missing, unknown or revoked.',
  },
  wrong_region: {
    status: 401,
    retry: 'after-fix',
    meaning: 'The write key belongs to a source of another region; the message names both.',
  },
  https_required: {
    status: 400,
    retry: 'after-fix',
    meaning: 'The port speaks https, and the request came as plain http.',
  },
  forbidden: {
    status: 403,
    retry: 'after-fix',
    meaning: 'The access token is valid but lacks the permission.',
  },
  upload_too_large: {
    status: 413,
    retry: 'after-fix',
    meaning: 'The upload of objects is larger than the bulk API takes.',
  },
  not_found: { status: 404, retry: 'never', meaning: 'There is no such path or resource.' },
  method_not_allowed: {
    status: 405,
    retry: 'never',
    meaning: 'The path exists, but not with this method.',
  },
  request_timeout: { status: 408, retry: 'later', meaning: 'The request did not arrive in time.' },
  conflict: {
    status: 409,
    retry: 'after-fix',
    meaning: 'The resource exists already or is in use.',
  },
  input_validation: {
    status: 422,
    retry: 'after-fix',
    meaning: 'A field of an API request is missing or of the wrong shape; `field` names it.',
  },
  rate_limit_exceeded: {
    status: 429,
    retry: 'later',
    meaning:
      'More requests a second than the source or token allows; Retry-After says when to come back.',
  },
  headers_too_large: {
    status: 431,
    retry: 'after-fix',
    meaning: 'The request headers are larger than the server reads.',
  },
  internal_error: {
    status: 500,
    retry: 'later',
    meaning: 'A defect of the server; it is logged with its cause.',
  },
  not_implemented: {
    status: 501,
    retry: 'never',
    meaning: 'The operation is part of the API but not offered by this server.',
  },
  unavailable: {
    status: 503,
    retry: 'later',
    meaning: 'A part of the server that the request needs is not running.',
  },
  too_many_connections: {
    status: 503,
    retry: 'later',
    meaning:
      'More connections are open than the server, or one client address, may have; Retry-After says when to come back.',
  },
  overloaded: {
    status: 503,
    retry: 'later',
    meaning:
      'More is under way than the server takes at once: bodies to inflate, requests behind one another on a connection, or requests to the control plane.',
  },
  new_token_required: {
    status: 511,
    retry: 'after-fix',
    meaning:
      'The access token no longer holds; a Segment SDK, which alone is told so, fetches another and sends again. Others get `authentication_error`.',
  },
  log_unavailable: {
    status: 503,
    retry: 'later',
    meaning:
      'The log cannot take more: a flush failed, the disk has only its reserve left, or the brokers do not answer.',
  },
  log_locked: {
    status: 503,
    retry: 'later',
    meaning: 'Another process has the log, or the data folder.',
  },
  log_fenced: {
    status: 503,
    retry: 'later',
    meaning: 'Another node writes the partition of the log now; this one has lost it.',
  },
  log_corrupt: {
    status: 500,
    retry: 'never',
    meaning:
      'A log is damaged or has lost records; what is readable is kept and the damage is reported.',
  },
  config_invalid: {
    status: 500,
    retry: 'after-fix',
    meaning:
      'A configuration key is unknown or its value does not fit; every problem is listed with its key.',
  },
  store_failed: {
    status: 503,
    retry: 'later',
    meaning: 'The state store could not be opened, migrated or written.',
  },
  schema_too_new: {
    status: 503,
    retry: 'after-fix',
    meaning:
      'A newer version has changed the state store in a way that this one cannot work with; upgrade it.',
  },
  lease_lost: {
    status: 503,
    retry: 'later',
    meaning: 'Another node has taken over the work, and a late write of this one was refused.',
  },
  warehouse_failed: {
    status: 503,
    retry: 'later',
    meaning:
      'A warehouse could not be reached, or refused what it was asked; the message has its words.',
  },
  object_store_failed: {
    status: 503,
    retry: 'later',
    meaning:
      'A file of the archive or a data lake could not be written or read; the message has the words of the disk or of S3.',
  },
  target_refused: {
    status: 400,
    retry: 'after-fix',
    meaning:
      'The address of a destination is private or reserved, and such targets are not allowed here.',
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof errorTable;

interface ErrorOptions {
  readonly cause?: unknown;
  /** The field of the request that is at fault, dotted. */
  readonly field?: string;
}

/** An operating error. `message` is for users; `cause` is for operators and never leaves the server. */
export class TributaryError extends Error {
  override readonly name = 'TributaryError';
  readonly code: ErrorCode;
  readonly field: string | undefined;

  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.field = options.field;
  }

  get status(): number {
    return errorTable[this.code].status;
  }

  get retry(): Retry {
    return errorTable[this.code].retry;
  }
}
