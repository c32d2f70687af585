import type { DeliveryResult } from '../../../core/destination.ts';
import { isRetryable, resultOfHttpFailure, retryAfter } from '../../result-of-http.ts';
import { FetchFailure } from '../fetch/fetch-failure.ts';

const quoted = 300;

/** What the errors of the library and its definitions may carry. */
interface Failure {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly message?: unknown;
  readonly status?: unknown;
  readonly response?: {
    readonly status?: unknown;
    readonly content?: unknown;
    readonly headers?: { get(name: string): string | null };
  };
}

/**
 * What a failure of a definition means. An HTTP status decides, be it of an answer or one that the definition gives;
 * else time-outs and network errors retry, and what its schema says of the mapped event is final. Undefined: an
 * unknown exception, which is a bug of the definition.
 */
export function resultOfFailure(error: unknown, now: number): DeliveryResult | undefined {
  if (error instanceof FetchFailure) return resultOfHttpFailure(error);
  if (!(error instanceof Error)) return undefined;
  const failure: Failure = error;
  const { name, code, response } = failure;
  const message = error.message;
  if (name === 'AggregateAjvError' || name === 'ValidationError') {
    return { kind: 'discard', code: 'payload_validation_failed', message };
  }
  if (code === 'PAYLOAD_VALIDATION_FAILED') {
    return { kind: 'discard', code: 'payload_validation_failed', message };
  }
  if (typeof response?.status === 'number') {
    const { status, content, headers } = response;
    const said = typeof content === 'string' ? content.slice(0, quoted) : '';
    const text = `HTTP ${status}${said === '' ? '' : `: ${said}`}`;
    const after = retryAfter(headers?.get('retry-after') ?? undefined, now);
    return resultOfStatus(status, text, after);
  }
  if (typeof failure.status === 'number') {
    const text = typeof code === 'string' ? `${code}: ${message}` : message;
    return resultOfStatus(failure.status, text.slice(0, quoted));
  }
  if (code === 'ETIMEDOUT' || isNetworkCode(code)) return { kind: 'retry', message };
  return undefined;
}

/** Final but for 408, 423, 429 and 5xx; 501 is final, as with the library. */
export function resultOfStatus(
  status: number,
  message: string,
  retryAfterMs?: number,
): DeliveryResult {
  if (status >= 200 && status < 300) return { kind: 'delivered', status };
  if (isRetryable(status) && status !== 501) {
    return { kind: 'retry', status, message, ...(retryAfterMs !== undefined && { retryAfterMs }) };
  }
  return { kind: 'discard', code: 'message_rejected', status, message };
}

/** Of connections that a definition makes itself. */
function isNetworkCode(code: unknown): boolean {
  return typeof code === 'string' && /^(ECONN|EHOST|ENET|EPIPE|ENOTFOUND|EAI_)/.test(code);
}
