import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
} from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { isJsonObject, type Json, type JsonObject } from '../../src/core/json.ts';
import { eventuallyMs } from './eventually.ts';

/** One request a destination got. */
export interface Delivery {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** The body, byte for byte. */
  readonly text: string;
  readonly event: JsonObject;
  /** Monotonic milliseconds at which the body had arrived. */
  readonly at: number;
}

/** Decides the answer to a delivery. */
type Answer = (delivery: Delivery) => number;

export interface Receiver {
  readonly url: string;
  readonly port: number;
  /** What was answered with a status below 300, in the order of the answers. */
  readonly taken: readonly Delivery[];
  /** What was answered with 300 or above. */
  readonly refused: readonly Delivery[];
  /** Answers 200 until another is set. */
  answer: Answer;
  /** Called with each delivery that is taken. */
  onTaken: ((delivery: Delivery) => void) | undefined;
  /** Keep `taken` and `refused` (default), or only call `onTaken`. */
  recording: boolean;
  /** Resolves with `taken` once `holds` says so; fails after `within` ms with what there was. */
  waitFor(
    what: string,
    holds: (taken: readonly Delivery[]) => boolean,
    within?: number,
  ): Promise<readonly Delivery[]>;
  /** Resolves when every connection open now is closed: all that a process which died had sent is read. */
  hungUp(): Promise<void>;
  close(): Promise<void>;
}

/** A real HTTP server that takes webhooks and remembers them. */
export async function startReceiver(port = 0): Promise<Receiver> {
  const taken: Delivery[] = [];
  const refused: Delivery[] = [];
  const waiting = new Set<() => void>();

  const server = createServer((request, response) => {
    void readDelivery(request).then((delivery) => {
      if (delivery === undefined) return response.destroy();
      const status = receiver.answer(delivery);
      response.writeHead(status, { 'content-type': 'text/plain' }).end();
      if (receiver.recording) (status < 300 ? taken : refused).push(delivery);
      if (status < 300) receiver.onTaken?.(delivery);
      for (const look of waiting) look();
      return response;
    });
  });
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const bound = await listen(server, port);

  const receiver: Receiver = {
    url: `http://127.0.0.1:${bound}/hook`,
    port: bound,
    taken,
    refused,
    answer: () => 200,
    onTaken: undefined,
    recording: true,
    waitFor: (what, holds, within = eventuallyMs) =>
      new Promise((resolve, reject) => {
        const finish = () => {
          clearTimeout(timer);
          waiting.delete(look);
        };
        const look = () => {
          if (!holds(taken)) return;
          finish();
          resolve(taken);
        };
        const timer = setTimeout(() => {
          finish();
          reject(new Error(`not within ${within} ms: ${what}; taken ${summary(taken)}`));
        }, within);
        waiting.add(look);
        look();
      }),
    hungUp: async () => {
      await sleep(50); // Those that stand in the queue are accepted.
      // Not `once(…)`, which fails when the connection breaks instead of ending.
      await Promise.all(
        [...sockets].map((socket) => new Promise((gone) => socket.once('close', gone))),
      );
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return receiver;
}

async function listen(server: Server, port: number): Promise<number> {
  server.keepAliveTimeout = 0;
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

async function readDelivery(request: IncomingMessage): Promise<Delivery | undefined> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request) chunks.push(chunk);
  } catch {
    return undefined; // The sender went away in the middle: nothing was delivered.
  }
  const text = Buffer.concat(chunks).toString();
  const value: Json = JSON.parse(text);
  return {
    path: request.url ?? '',
    headers: request.headers,
    text,
    event: isJsonObject(value) ? value : {},
    at: performance.now(),
  };
}

/** The `X-Signature` a classic webhook must carry: hex HMAC-SHA1 of the body. */
export function signatureOf(text: string, secret: string): string {
  return createHmac('sha1', secret).update(text).digest('hex');
}

function summary(taken: readonly Delivery[]): string {
  const last = taken.slice(-20).map(({ event }) => `${event['type']}:${event['messageId']}`);
  return `${taken.length} (last: ${last.join(', ')})`;
}
