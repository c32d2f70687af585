import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as open,
  type ServerResponse,
} from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { isJsonObject, type Json, type JsonObject } from '../../src/core/json.ts';
import type { TestCertificate } from '../../src/core/testing/certificate.ts';

/** A request that went through a front, and the answer its client got. */
export interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** The body, inflated and parsed; {} where there was none. */
  readonly body: JsonObject;
  readonly status: number;
  readonly retryAfter: string | undefined;
  /** Monotonic milliseconds: of the arrival of the request, of the end of the answer. */
  readonly came: number;
  readonly left: number;
}

/** What a front does with a POST instead of only passing it on. */
export interface Refusal {
  readonly status: number;
  /** Seconds, for the Retry-After header. */
  readonly retryAfter: number;
  /** True: the server takes the request, and its answer is lost on the way back. */
  readonly passOn?: boolean;
}

/** A reverse proxy between an SDK and the server, which writes down what it sees. */
export interface Front {
  readonly url: string;
  /** POSTs to `/v1/…` in the order of their answers. */
  readonly posts: readonly Exchange[];
  /** Everything else. */
  readonly others: readonly Exchange[];
  /** Refusals still to come, one a POST; then everything is passed on as it is. */
  readonly refusals: Refusal[];
  close(): Promise<void>;
}

/** Starts one in front of the server at `port`; with a certificate it speaks https and says so to the server. */
export async function startFront(port: number, certificate?: TestCertificate): Promise<Front> {
  const posts: Exchange[] = [];
  const others: Exchange[] = [];
  const refusals: Refusal[] = [];

  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    void exchange(request, response).catch((problem: unknown) =>
      response.destroy(problem as Error),
    );
  };
  const exchange = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const came = performance.now();
    const bytes = await bytesOf(request);
    const { method = 'GET', url: path = '/', headers } = request;
    const isPost = method === 'POST' && path.startsWith('/v1/');
    const refusal = isPost ? refusals.shift() : undefined;
    const passed =
      refusal === undefined || refusal.passOn === true
        ? await passOn(port, request, bytes, certificate !== undefined)
        : undefined;
    const answer = refusal === undefined && passed !== undefined ? passed : refused(refusal);
    const retryAfter = answer.headers['retry-after'];
    const body = parsed(headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes);
    const seen = { method, path, headers, body, status: answer.status, retryAfter, came };
    (isPost ? posts : others).push({ ...seen, left: performance.now() });
    response.writeHead(answer.status, answer.headers).end(answer.bytes);
  };
  const server =
    certificate === undefined ? createServer(handle) : createSecureServer(certificate, handle);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const scheme = certificate === undefined ? 'http' : 'https';
  return {
    url: `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    posts,
    others,
    refusals,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly bytes: Buffer;
}

/** As proxies answer of their own accord: with a page, not with our JSON. */
function refused(refusal: Refusal | undefined): Answer {
  const { status = 502, retryAfter = 1 } = refusal ?? {};
  const headers = { 'content-type': 'text/html', 'retry-after': String(retryAfter) };
  return { status, headers, bytes: Buffer.from(`<html><h1>${status}</h1></html>`) };
}

async function passOn(
  port: number,
  { method, url, headers }: IncomingMessage,
  bytes: Buffer,
  secure: boolean,
): Promise<Answer> {
  const { 'transfer-encoding': _, connection: __, ...kept } = headers;
  const added = { ...(secure && { 'x-forwarded-proto': 'https' }), 'content-length': bytes.length };
  const onward = open({ port, method, path: url, headers: { ...kept, ...added } });
  onward.end(bytes);
  const [answer]: IncomingMessage[] = await once(onward, 'response');
  if (answer === undefined) throw new Error('no answer');
  const {
    'content-length': ___,
    'transfer-encoding': ____,
    connection: _____,
    ...back
  } = answer.headers;
  const flat = Object.entries(back).map(([name, value]) => [name, String(value)]);
  return {
    status: answer.statusCode ?? 0,
    headers: Object.fromEntries(flat),
    bytes: await bytesOf(answer),
  };
}

async function bytesOf(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function parsed(bytes: Buffer): JsonObject {
  if (bytes.length === 0) return {};
  const value: Json = JSON.parse(bytes.toString());
  return isJsonObject(value) ? value : {};
}
