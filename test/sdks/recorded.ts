import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Json, JsonObject } from '../../src/core/json.ts';
import { type Server, testWriteKey } from '../rig/server.ts';
import { basic } from '../rig/track.ts';

/** A request as an SDK sends it that cannot run here: a file of `recorded/`. */
export interface Recorded {
  readonly sdk: string;
  /** What it was made from. */
  readonly made: string;
  /** The context that all its events share; each may hold more. */
  readonly context: JsonObject;
  /** Whether it runs at the user's side: the address of the connection is the user's. */
  readonly address: boolean;
  readonly request: {
    readonly path: string;
    /** As sent, in that order; `{{basic}}` stands for the write key's. */
    readonly headers: Readonly<Record<string, string>>;
    readonly gzip: boolean;
    /** Sent in chunks, without a length. */
    readonly chunked: boolean;
    /** With its keys in the order in which they are sent; `{{writeKey}}` stands for it. */
    readonly body: JsonObject & {
      readonly batch: readonly (JsonObject & { context?: JsonObject })[];
    };
  };
}

const folder = join(import.meta.dirname, 'recorded');

export function allRecorded(): Recorded[] {
  return readdirSync(folder).map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')));
}

/** The events of a request, with the whole of their context. */
export function eventsOf({ context, request }: Recorded): JsonObject[] {
  return request.body.batch.map((item) => ({ ...item, context: { ...context, ...item.context } }));
}

/** Sends it on a socket of its own, byte for byte as described; returns status and body of the answer. */
export async function replay(
  recorded: Recorded,
  server: Server,
): Promise<{ readonly status: number; readonly body: Json }> {
  const { path, headers, gzip, chunked, body } = recorded.request;
  const json = JSON.stringify({ ...body, batch: eventsOf(recorded) });
  const plain = Buffer.from(json.replaceAll('{{writeKey}}', testWriteKey));
  const bytes = gzip ? gzipSync(plain) : plain;
  const socket = connect(server.port, '127.0.0.1');
  const length = chunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${bytes.length}`;
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const head = [`POST ${path} HTTP/1.1`, `Host: 127.0.0.1:${server.port}`, ...lines, length];
  socket.write(`${head.join('\r\n').replace('{{basic}}', basic(testWriteKey))}\r\n\r\n`);
  for (const part of chunked ? chunksOf(bytes) : [bytes]) socket.write(part);
  // The connection stays open: the answer is whole once its body is.
  let answer = '';
  for await (const part of socket.setEncoding('utf8')) {
    answer += part;
    if (/\r\n\r\n.*\}$/s.test(answer)) break;
  }
  const [, status, text = ''] = /^HTTP\/1\.1 (\d+) .*?\r\n\r\n(.*)$/s.exec(answer) ?? [];
  return { status: Number(status), body: JSON.parse(text) };
}

function chunksOf(bytes: Buffer): Buffer[] {
  const half = Math.floor(bytes.length / 2);
  const parts = [bytes.subarray(0, half), bytes.subarray(half)];
  const framed = parts.map((part) =>
    Buffer.concat([Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n')]),
  );
  return [...framed, Buffer.from('0\r\n\r\n')];
}
