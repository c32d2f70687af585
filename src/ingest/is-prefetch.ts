import type { IncomingHttpHeaders } from 'node:http';

const names = ['sec-purpose', 'purpose', 'x-purpose', 'x-moz'] as const;
const ahead = /prefetch|prerender|preview/i;

/**
 * True when the browser says that nobody has asked for the page yet: `Sec-Purpose: prefetch` and its
 * older spellings `Purpose`, `X-Purpose` and `X-Moz`.
 */
export function isPrefetch(headers: IncomingHttpHeaders): boolean {
  return names.some((name) => ahead.test(String(headers[name] ?? '')));
}
