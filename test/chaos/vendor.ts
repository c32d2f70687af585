import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../rig/random.ts';
import type { Entry } from './judge-deliveries.ts';

/** What is wrong with a vendor while it is sick. */
export const sicknesses = [
  ...(['slow', 'limited', 'failing', 'resetting', 'hanging', 'stalling', 'redirecting'] as const),
] as const;
export type Health = 'healthy' | (typeof sicknesses)[number];

/** One event as a vendor has got it. */
type Arrival = Omit<Entry, 'what' | 'age'> & { readonly sentAt: number };

/** A server of its own, as every vendor has: what it does to its sockets concerns no other. */
export interface Vendor {
  readonly url: string;
  readonly health: Health;
  /** What happened here, in its order. */
  readonly record: readonly Entry[];
  /** Events that it took, or refused for good, by user, each once. */
  readonly settled: ReadonlyMap<string, ReadonlySet<number>>;
  /** Milliseconds from `sentAt` of the event to its first arrival. */
  readonly latencies: number[];
  /** From now on it takes everything. */
  heal(): void;
  close(): Promise<void>;
}

/** Sick vendors answer wrongly most times, and well now and then. */
export async function startVendor(health: Health, dice: Random): Promise<Vendor> {
  const record: Entry[] = [];
  const settled = new Map<string, Set<number>>();
  const arrived = new Set<string>();
  const latencies: number[] = [];
  let isSick = health !== 'healthy';

  const note = (what: Entry['what'], { user, sequence, sentAt }: Arrival): void => {
    const age = Date.now() - sentAt;
    record.push({ what, user, sequence, age });
    const name = `${user}/${sequence}`;
    if (what !== 'came') {
      settled.set(user, (settled.get(user) ?? new Set()).add(sequence));
    } else if (!arrived.has(name)) {
      arrived.add(name);
      latencies.push(age);
    }
  };

  const server = createServer((request, response) => {
    void read(request).then(async (text) => {
      if (text === undefined) return;
      const { userId, properties } = JSON.parse(text);
      const { sequence, sentAt } = properties;
      const arrival = { user: userId, sequence, sentAt };
      note('came', arrival);
      if (isSick && dice.chance(0.8)) return await answerSick(health, response, arrival);
      note('taken', arrival);
      response.writeHead(200).end();
    });
  });

  async function answerSick(how: Health, response: ServerResponse, arrival: Arrival) {
    switch (how) {
      case 'slow':
        await sleep(dice.between(300, 1_500));
        note('taken', arrival);
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
        note('refused', arrival);
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
    ...{ url: `http://127.0.0.1:${port}/`, health, record, settled, latencies },
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
