import type { Json } from '../core/json.ts';

export interface ParsedBody {
  readonly value: Json;
  /** The bytes of the JSON text. */
  readonly body: Buffer;
}

const byteOrderMark = 0xfeff;

/**
 * Parses a body as JSON, whatever its Content-Type says. Invalid UTF-8 reads as U+FFFD, of duplicate
 * keys the last one counts, and `__proto__` is a key like others. Undefined when it is not JSON.
 */
export function parseBody(body: Buffer): ParsedBody | undefined {
  const text = body.toString();
  try {
    return { value: JSON.parse(text), body };
  } catch {
    // Some editors and HTTP clients begin a text with a mark that JSON does not know.
    return text.charCodeAt(0) === byteOrderMark ? parseBody(body.subarray(3)) : undefined;
  }
}
