import { gunzip, gunzipSync } from 'node:zlib';

export type Inflated =
  | { readonly kind: 'inflated'; readonly body: Buffer }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'corrupt' }
  /** Too many others wait for the same. */
  | { readonly kind: 'overloaded' };

/** Whether the bytes begin as gzip does. Headers do not decide it: clients mislabel (spec tracking-api §4). */
export function isGzip(body: Buffer): boolean {
  return body.length > 2 && body[0] === 0x1f && body[1] === 0x8b;
}

/** Inflates at most `most` bytes and stops there, however much was packed into the body. */
export function inflateInline(body: Buffer, most: number): Inflated {
  try {
    return { kind: 'inflated', body: gunzipSync(body, { maxOutputLength: most }) };
  } catch (error) {
    return failure(error);
  }
}

/** The same off the thread that answers requests. */
export function inflateOnThread(
  body: Buffer,
  most: number,
  done: (inflated: Inflated) => void,
): void {
  // Pieces larger than node's own spare a body of the largest size most of its ways to the thread and back.
  gunzip(body, { maxOutputLength: most, chunkSize: 65_536 }, (error, result) =>
    done(error === null ? { kind: 'inflated', body: result } : failure(error)),
  );
}

function failure(error: unknown): Inflated {
  const isBound =
    error instanceof RangeError && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
  return { kind: isBound ? 'too-large' : 'corrupt' };
}
