import { gzipSync } from 'node:zlib';
import { type Tree, textOf } from './json-tree.ts';

/** How the body is packed. `spoil` changes the packed bytes. */
export interface Coding {
  readonly gzip: boolean;
  readonly spoil?: (packed: Buffer) => Buffer;
}

/** One request before it is bytes, so that it can be mutated, minimised and sent again. */
export interface WireRequest {
  readonly method: string;
  readonly target: string;
  /** `HTTP/1.1` nearly always. */
  readonly version: string;
  /** All but those of the framing, as they go over the wire. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** A tree as long as only its structure was mutated. */
  readonly body: Tree | Buffer | undefined;
  readonly coding: Coding;
  readonly framing: Framing;
  /** The write key is wrong or absent: it must not be taken. */
  readonly isForeign?: boolean;
  /** A pixel whose event was mutated: the answer does not tell its fate. */
  readonly isUncertain?: boolean;
  /** What was done to it, for the report. */
  readonly mutations: readonly string[];
}

/**
 * What a server must make of the framing. `complete`: one answer, and the connection goes on. `last`: one
 * answer, and it ends. `open`: the request never ends. `broken`: it must not be taken. `loose`: anything
 * but a 5xx.
 */
export type Outcome = 'complete' | 'last' | 'open' | 'broken' | 'loose';

export interface Framed {
  /** The framing headers, ready for the wire. */
  readonly headers: readonly string[];
  /** What follows the head. */
  readonly tail: Buffer;
  readonly outcome: Outcome;
  /** The body as the server has to read it, where that is not the one sent. */
  readonly read?: Buffer;
  /** Behind the complete request stands what is none. */
  readonly thenBroken?: boolean;
}

export interface Framing {
  readonly name: string;
  /** Deterministic: a request is rendered again while it is minimised. */
  readonly frame: (body: Buffer) => Framed;
}

/** A request as bytes, and what is known of them. */
export interface Rendered {
  readonly bytes: Buffer;
  readonly outcome: Outcome;
  /** The body as it arrives, before it is unpacked. */
  readonly received: Buffer;
  readonly thenBroken: boolean;
}

export const plain: Coding = { gzip: false };
export const packed: Coding = { gzip: true };

function bodyText(body: WireRequest['body']): Buffer {
  if (body === undefined) return Buffer.alloc(0);
  return Buffer.isBuffer(body) ? body : Buffer.from(textOf(body));
}

/** `remark` is applied to the body before it is packed, and to the head. */
export function render(
  request: WireRequest,
  remark: (bytes: Buffer) => Buffer = (bytes) => bytes,
): Rendered {
  const { coding, framing, headers, method, target, version } = request;
  const text = remark(bodyText(request.body));
  const zipped = coding.gzip ? gzipSync(text) : text;
  const body = coding.spoil === undefined ? zipped : coding.spoil(zipped);
  const framed = framing.frame(body);
  const lines = [
    `${method} ${target} ${version}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...framed.headers,
  ];
  const head = remark(Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'));
  return {
    bytes: Buffer.concat([head, framed.tail]),
    outcome: framed.outcome === 'complete' && closes(request) ? 'last' : framed.outcome,
    received: framed.read ?? body,
    thenBroken: framed.thenBroken ?? false,
  };
}

function closes({ headers, version }: WireRequest): boolean {
  if (version !== 'HTTP/1.1') return true;
  return headers.some(
    ([name, value]) => name.toLowerCase() === 'connection' && /close/i.test(value),
  );
}
