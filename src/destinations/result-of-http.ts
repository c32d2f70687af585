import type { DeliveryResult } from '../core/destination.ts';
import type { HttpFailure } from '../core/http.ts';

/** 4xx that say "later" (architecture, "Delivery"; spec tracking-api §13; the library's own list). */
const retryable4xx = new Set([408, 423, 429]);

/** Which statuses are worth repeating; of the 5xx, 501 is for the caller to judge. */
export function isRetryable(status: number): boolean {
  return status >= 500 || retryable4xx.has(status);
}

/** What it means that no answer came: time-outs and network errors are worth repeating, what was never sent is not. */
export function resultOfHttpFailure({ failure, message }: HttpFailure): DeliveryResult {
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
