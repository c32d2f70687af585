import assert from 'node:assert/strict';
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import type { Problem } from './problem.ts';
import { problems } from './problems.ts';

/** A body that is a JSON object. */
export class Payload {
  /** Its JSON text, as it is recorded. */
  readonly bytes: Buffer;
  /**
   * The parsed body for looking at only: bytes beyond ASCII read as Latin-1, so texts may look odd and
   * have as many characters as they have bytes. JSON's own syntax, and every key and value that ingest
   * knows, is ASCII; so read, a body parses a quarter faster (measured).
   */
  readonly skimmed: JsonObject;
  #exact: JsonObject | undefined;

  constructor(bytes: Buffer, skimmed: JsonObject) {
    this.bytes = bytes;
    this.skimmed = skimmed;
  }

  /** The body as it is meant, parsed on first use: for what is written anew or measured exactly. */
  get exact(): JsonObject {
    if (this.#exact === undefined) {
      const value: Json = JSON.parse(this.bytes.toString());
      assert(isJsonObject(value), 'a text is an object in any encoding');
      this.#exact = value;
    }
    return this.#exact;
  }
}

/** A payload written anew. */
export function payloadOf(value: JsonObject): Payload {
  return new Payload(Buffer.from(JSON.stringify(value)), value);
}

/**
 * Parses a body, whatever its Content-Type says. Of duplicate keys the last one counts, `__proto__` is
 * a key like others, and a byte order mark is no part of the text.
 */
export function parsePayload(body: Buffer): Payload | Problem {
  const isMarked = body.length > 2 && body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf;
  const bytes = isMarked ? body.subarray(3) : body;
  const value = parse(bytes);
  if (value === undefined) return problems.malformedJson;
  return isJsonObject(value) ? new Payload(bytes, value) : problems.notAnObject;
}

function parse(bytes: Buffer): Json | undefined {
  try {
    return JSON.parse(bytes.toString('latin1'));
  } catch {
    return undefined;
  }
}
