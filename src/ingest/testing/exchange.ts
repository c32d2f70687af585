import assert from 'node:assert/strict';
import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  readonly text: string;
  /** The body as a JSON object. */
  readonly json: JsonObject;
}

export interface Sent {
  readonly method?: string;
  readonly path: string;
  readonly headers?: OutgoingHttpHeaders;
  /** Sent chunk by chunk, without Content-Length, when it is an array. */
  readonly body?: string | Buffer | readonly (string | Buffer)[];
}

/** One request on a connection of its own. */
export function exchange(port: number, sent: Sent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { method = 'POST', path, headers = {}, body } = sent;
    const outgoing = request({ port, host: '127.0.0.1', method, path, headers, agent: false });
    outgoing.on('error', reject);
    outgoing.on('response', (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('error', reject);
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        const { statusCode: status = 0, headers: received } = incoming;
        resolve(answerOf(status, received, Buffer.concat(chunks)));
      });
    });
    if (typeof body === 'string' || Buffer.isBuffer(body)) {
      if (headers['Content-Length'] === undefined) {
        outgoing.setHeader('Content-Length', Buffer.byteLength(body));
      }
      outgoing.end(body);
    } else {
      for (const chunk of body ?? []) outgoing.write(chunk);
      outgoing.end();
    }
  });
}

/** Writes bytes as they are and resolves with all that came back once the server has closed the connection. */
export function wire(port: number, ...parts: readonly (string | Buffer)[]): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    // A server that cuts a hostile upload off resets the connection: what came before counts.
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(Buffer.concat(chunks).toString()));
    for (const part of parts) socket.write(part);
  });
}

/** Status codes of the answers in what `wire` read. */
export function statuses(text: string): number[] {
  return Array.from(text.matchAll(/HTTP\/1\.1 (\d{3}) /g), ([, status]) => Number(status));
}

/** The JSON body of the last answer in what `wire` read. */
export function lastBody(text: string): JsonObject {
  const value: Json = JSON.parse(text.slice(text.lastIndexOf('\r\n\r\n') + 4));
  assert(isJsonObject(value));
  return value;
}

function answerOf(status: number, headers: IncomingHttpHeaders, bytes: Buffer): Answer {
  const text = bytes.toString();
  return {
    status,
    headers,
    bytes,
    text,
    get json() {
      const value: Json = JSON.parse(text);
      assert(isJsonObject(value));
      return value;
    },
  };
}
