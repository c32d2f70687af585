import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../rig/random.ts';

/** What is wrong with a vendor while it is sick. */
export const sicknesses = [
  ...(['slow', 'limited', 'failing', 'resetting', 'hanging', 'stalling', 'redirecting'] as const),
] as const;
export type Health = 'healthy' | (typeof sicknesses)[number];

/** One event as a vendor has got it. */
interface Arrival {
  readonly user: string;
  readonly sequence: number;
}

/** A server of its own, as every vendor has: what it does to its sockets concerns no other. */
export interface Vendor {
  readonly url: string;
  readonly health: Health;
  /** Events that it took, by user, each once. */
  readonly taken: ReadonlyMap<string, ReadonlySet<number>>;
  /** Where an event came before an earlier one of its user was taken or refused for good. */
  readonly overtaken: readonly string[];
  /** Milliseconds from `sentAt` of the event to its first arrival. */
  readonly latencies: number[];
  /** From now on it takes everything. */
  heal(): void;
  close(): Promise<void>;
}

/** Sick vendors answer wrongly most times, and well now and then. */
export async function startVendor(health: Health, dice: Random): Promise<Vendor> {
  const taken = new Map<string, Set<number>>();
  const settled = new Map<string, Set<number>>();
  const arrived = new Set<string>();
  const overtaken: string[] = [];
  const latencies: number[] = [];
  let isSick = health !== 'healthy';

  const note = ({ user, sequence }: Arrival, sentAt: number): void => {
    const name = `${user}/${sequence}`;
    if (arrived.has(name)) return;
    arrived.add(name);
    latencies.push(Date.now() - sentAt);
    for (let before = 0; before < sequence; before += 1) {
      if (settled.get(user)?.has(before) !== true) overtaken.push(`${name} before ${before}`);
    }
  };
  const settle = (map: Map<string, Set<number>>, { user, sequence }: Arrival): void => {
    map.set(user, (map.get(user) ?? new Set()).add(sequence));
  };

  const server = createServer((request, response) => {
    void read(request).then(async (text) => {
      if (text === undefined) return;
      const { userId, properties } = JSON.parse(text);
      const arrival = { user: userId, sequence: properties.sequence };
      note(arrival, properties.sentAt);
      if (isSick && dice.chance(0.8)) return await answerSick(health, response, arrival);
      settle(settled, arrival);
      settle(taken, arrival);
      response.writeHead(200).end();
    });
  });

  async function answerSick(how: Health, response: ServerResponse, arrival: Arrival) {
    switch (how) {
      case 'slow':
        await sleep(dice.between(300, 1_500));
        settle(settled, arrival);
        settle(taken, arrival);
        return void response.writeHead(200).end();
      case 'limited':
        return void response.writeHead(429, { 'retry-after': '1' }).end();
      case 'failing':
        return void response.writeHead(dice.chance(0.5) ? 500 : 503).end('broken');
      case 'resetting':
        return void response.destroy();
      case 'hanging':
        return undefined;
      case 'stalling':
        return void response.writeHead(200, { 'content-length': 1_000 }).write('a beginning');
      case 'redirecting':
        settle(settled, arrival);
        return void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end();
      case 'healthy':
        return void response.writeHead(200).end();
    }
  }

  server.keepAliveTimeout = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    ...{ url: `http://127.0.0.1:${port}/`, health, taken, overtaken, latencies },
    heal: () => {
      isSick = false;
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** Undefined when the connection broke. */
async function read(request: IncomingMessage): Promise<string | undefined> {
  let text = '';
  try {
    for await (const chunk of request) text += chunk;
  } catch {
    return undefined;
  }
  return text;
}
