import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, request } from 'node:http';
import type { Http, HttpAnswer } from '../../../core/http.ts';

/** Answers a request; what it rejects with ends the test run, being unhandled. */
export type Answer = (...exchange: Parameters<RequestListener>) => unknown;

/** A real HTTP server on 127.0.0.1. */
export async function loopbackServer(listener: Answer) {
  const server = createServer((request, response) => void listener(request, response)).listen(
    0,
    '127.0.0.1',
  );
  await once(server, 'listening');
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export async function bodyOf(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString();
}

/** The least way out: what is sent is what the destination asked for. */
export const plainHttp: Http = {
  request: ({ method, url, headers, body, signal }) =>
    new Promise<HttpAnswer>((resolve, reject) => {
      const sent = request(url, { method, headers, signal }, (answer) => {
        bodyOf(answer).then((text) => {
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text });
        }, reject);
      });
      sent.on('error', reject);
      sent.end(body);
    }),
};
