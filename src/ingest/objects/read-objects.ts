import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Json } from '../../core/json.ts';
import { limits } from '../../core/limits.ts';

/** Why the rest of an upload is not read. `line` counts from 1. */
export type UploadFault =
  | { readonly kind: 'gzip' }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'line-too-long' | 'no-json'; readonly line: number };

const newline = 0x0a;
/** Bytes of the first piece that say whether it is gzip. */
const gzipMagic = [0x1f, 0x8b];

/**
 * Reads an upload, NDJSON and gzip or plain, as it arrives: lists of its lines as JSON, each of about `limits.bulkPieceBytes`,
 * which must have been dealt with before more is read. Returns why it ended early, or undefined.
 */
export async function* readObjects(
  upload: Readable,
): AsyncGenerator<readonly Json[], UploadFault | undefined> {
  let items: Json[] = [];
  let bytes = 0;
  let line = 0;
  let rest: Buffer = Buffer.alloc(0);
  const take = (text: Buffer): UploadFault | undefined => {
    line += 1;
    if (text.length > limits.bulkObjectBytes) return { kind: 'line-too-long', line };
    const trimmed = text.toString().trim();
    if (trimmed === '') return undefined;
    const item = parsed(trimmed);
    if (item === undefined) return { kind: 'no-json', line };
    items.push(item);
    bytes += text.length;
    return undefined;
  };
  try {
    for await (const piece of inflated(upload)) {
      const chunk = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
      let from = 0;
      for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, from)) {
        const fault = take(chunk.subarray(from, end));
        if (fault !== undefined) return fault;
        from = end + 1;
        if (bytes < limits.bulkPieceBytes) continue;
        yield items;
        items = [];
        bytes = 0;
      }
      rest = chunk.subarray(from);
      if (rest.length > limits.bulkObjectBytes) return { kind: 'line-too-long', line: line + 1 };
    }
  } catch (error) {
    if (error instanceof TooLarge) return { kind: 'too-large' };
    if (isGzipFault(error)) return { kind: 'gzip' };
    throw error;
  }
  const fault = rest.length > 0 ? take(rest) : undefined;
  if (fault !== undefined) return fault;
  if (items.length > 0) yield items;
  return undefined;
}

class TooLarge extends RangeError {}

/** The bytes as they are meant, at most `limits.bulkUploadBytes` as they come and as many times `limits.bulkInflation` inflated. */
async function* inflated(upload: Readable): AsyncGenerator<Buffer> {
  // What is left of a refused upload is read to its end elsewhere: its connection must live for the answer.
  const bounded = counted(upload.iterator({ destroyOnReturn: false }), limits.bulkUploadBytes);
  const first = await bounded.next();
  if (first.done === true) return;
  const isGzip = gzipMagic.every((byte, index) => first.value[index] === byte);
  const all = joined(first.value, bounded);
  if (!isGzip) {
    yield* all;
    return;
  }
  const gunzip = Readable.from(all).compose(createGunzip());
  yield* counted(gunzip, limits.bulkUploadBytes * limits.bulkInflation);
}

async function* counted(stream: AsyncIterable<Buffer>, most: number): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const piece of stream) {
    bytes += piece.length;
    if (bytes > most) throw new TooLarge();
    yield piece;
  }
}

async function* joined(first: Buffer, more: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* more;
}

function isGzipFault(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^Z_/.test(String(error.code));
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
