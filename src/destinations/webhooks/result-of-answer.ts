import type { DeliveryResult } from '../../core/destination.ts';
import type { HttpAnswer, HttpFailure } from '../../core/http.ts';
import { isRetryable, resultOfHttpFailure, retryAfter } from '../result-of-http.ts';

/** Characters of an answer that go into a message. */
const quoted = 200;

/**
 * What a webhook's answer means. 2xx delivered; 408, 423, 429 and every 5xx (also 501, as the
 * classic destination does), time-outs and network errors retry; everything else is final, a
 * redirect too, since none is followed. `now` is the wall clock, for a Retry-After date.
 */
export function resultOfAnswer(answer: HttpAnswer | HttpFailure, now: number): DeliveryResult {
  if ('failure' in answer) return resultOfHttpFailure(answer);
  const { status } = answer;
  if (status >= 200 && status < 300) return { kind: 'delivered', status };
  const message = describe(answer);
  if (isRetryable(status)) {
    const retryAfterMs = retryAfter(answer.headers['retry-after'], now);
    return { kind: 'retry', status, message, ...(retryAfterMs !== undefined && { retryAfterMs }) };
  }
  return { kind: 'discard', code: 'message_rejected', status, message };
}

function describe({ status, headers, body }: HttpAnswer): string {
  const location = headers['location'];
  if (status >= 300 && status < 400)
    return `HTTP ${status}: redirects are not followed: ${location}`;
  return body === '' ? `HTTP ${status}` : `HTTP ${status}: ${body.slice(0, quoted)}`;
}
