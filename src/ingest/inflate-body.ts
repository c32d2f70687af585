import { gunzip, gunzipSync } from 'node:zlib';
import { limits } from '../core/limits.ts';

export type Inflated =
  | { readonly kind: 'inflated'; readonly body: Buffer }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'corrupt' };

/** Whether the bytes begin as gzip does. Headers do not decide it: clients mislabel (spec tracking-api §4). */
export function isGzip(body: Buffer): boolean {
  return body.length > 2 && body[0] === 0x1f && body[1] === 0x8b;
}

/**
 * Inflates at most `most` bytes and stops there, however much was packed into the body. Calls `done`
 * once: before it returns for small bodies, later for large ones, which are inflated off the thread.
 */
export function inflateBody(body: Buffer, most: number, done: (inflated: Inflated) => void): void {
  const options = { maxOutputLength: most };
  if (body.length > limits.inflateInlineBytes) {
    gunzip(body, options, (error, result) =>
      done(error === null ? { kind: 'inflated', body: result } : failure(error)),
    );
    return;
  }
  done(inflateNow(body, options));
}

function inflateNow(body: Buffer, options: { maxOutputLength: number }): Inflated {
  try {
    return { kind: 'inflated', body: gunzipSync(body, options) };
  } catch (error) {
    return failure(error);
  }
}

function failure(error: unknown): Inflated {
  const isBound =
    error instanceof RangeError && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
  return { kind: isBound ? 'too-large' : 'corrupt' };
}
