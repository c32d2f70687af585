import type { DeliveryResult } from '../../core/destination.ts';
import type { HttpAnswer, HttpFailure } from '../../core/http.ts';

/** 4xx that say "later" (architecture, "Delivery"; spec tracking-api §13). */
const retryable4xx = new Set([408, 423, 429]);
/** Characters of an answer that go into a message. */
const quoted = 200;

/**
 * What a webhook's answer means. 2xx delivered; 408, 423, 429 and every 5xx (also 501, as the
 * classic destination does), time-outs and network errors retry; everything else is final, a
 * redirect too, since none is followed. `now` is the wall clock, for a Retry-After date.
 */
export function resultOfAnswer(answer: HttpAnswer | HttpFailure, now: number): DeliveryResult {
  if ('failure' in answer) return resultOfFailure(answer);
  const { status } = answer;
  if (status >= 200 && status < 300) return { kind: 'delivered', status };
  const message = describe(answer);
  if (status >= 500 || retryable4xx.has(status)) {
    const retryAfterMs = retryAfter(answer.headers['retry-after'], now);
    return { kind: 'retry', status, message, ...(retryAfterMs !== undefined && { retryAfterMs }) };
  }
  return { kind: 'discard', code: 'message_rejected', status, message };
}

function resultOfFailure({ failure, message }: HttpFailure): DeliveryResult {
  switch (failure) {
    case 'refused':
      return { kind: 'discard', code: 'target_refused', message };
    case 'invalid_url':
      return { kind: 'discard', code: 'invalid_settings', message };
    case 'timeout':
    case 'network':
      return { kind: 'retry', message };
  }
}

/** Milliseconds to wait; seconds or an HTTP date (RFC 9110 §10.2.3); undefined when it says nothing. */
export function retryAfter(
  value: string | readonly string[] | undefined,
  now: number,
): number | undefined {
  const text = (typeof value === 'string' ? value : value?.[0])?.trim();
  if (text === undefined || text === '') return undefined;
  if (/^\d+$/.test(text)) return Number(text) * 1_000;
  // Date.parse alone takes almost anything; every form of an HTTP date begins with the day's name.
  const date = /^[A-Z][a-z]{2}/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

function describe({ status, headers, body }: HttpAnswer): string {
  const location = headers['location'];
  if (status >= 300 && status < 400)
    return `HTTP ${status}: redirects are not followed: ${location}`;
  return body === '' ? `HTTP ${status}` : `HTTP ${status}: ${body.slice(0, quoted)}`;
}
