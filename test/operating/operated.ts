import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { type Ledger, ledger } from '../crash/ledger.ts';
import { type Sender, startSender } from '../crash/sender.ts';
import { addWebhook } from '../rig/api.ts';
import { environmentOf, startCommand } from '../rig/command-line.ts';
import { eventually } from '../rig/eventually.ts';
import { freePort } from '../rig/free-port.ts';
import { random } from '../rig/random.ts';
import { type Receiver, startReceiver } from '../rig/receiver.ts';
import { type Server, startServer } from '../rig/server.ts';
import { tempFolder } from '../rig/temp-folder.ts';

/** A deployment of one node with a destination, operated by hand as the pages of docs/operating say. */
export interface Operated {
  readonly server: Server;
  readonly receiver: Receiver;
  /** Folder of the server's data. */
  readonly data: string;
  /** Another folder that goes with the test. */
  readonly spare: string;
  readonly book: Ledger;
  /** Ids of what was acknowledged until now. */
  acknowledged(): ReadonlySet<string>;
  /** How often an event has arrived. */
  arrivals(messageId: string): number;
  /** Monotonic milliseconds at which an event last arrived. */
  lastArrival(messageId: string): number;
  /** Several clients at once, until they are stopped. Resolves when some hundred events were taken. */
  startLoad(): Promise<void>;
  stopLoad(): Promise<void>;
  /** Runs `tributary …` where the server runs; its end. */
  run(...args: readonly string[]): Promise<{ code: number | null; stdout: string; stderr: string }>;
  start(): Promise<void>;
  /** Everything is gone at once: the processes and the data. */
  destroy(): Promise<void>;
  /** Resolves when all these have arrived. */
  allArrive(ids: ReadonlySet<string>): Promise<void>;
}

interface OperatedOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly seed: number;
}

const senders = 6;
const takenAtFirst = 300;

export async function operate(
  t: TestContext,
  { env = {}, seed }: OperatedOptions,
): Promise<Operated> {
  const folder = await tempFolder('operating');
  const receiver = await startReceiver();
  receiver.recording = false;
  const book = ledger();
  const dice = random(seed);
  const acknowledged = new Set<string>();
  const arrived = new Map<string, { count: number; last: number }>();
  receiver.onTaken = (delivery) => {
    const id = String(delivery.event['messageId']);
    arrived.set(id, { count: (arrived.get(id)?.count ?? 0) + 1, last: delivery.at });
    book.arrived(delivery);
  };
  const noting: Ledger = {
    ...book,
    acknowledged: (step) => {
      acknowledged.add(step.messageId);
      book.acknowledged(step);
    },
  };
  const options = {
    folder: folder.path,
    port: await freePort(),
    env: { TRIBUTARY_RATE_LIMIT: '0', TRIBUTARY_LOG_LEVEL: 'warn', ...env },
  };
  let server = await startServer(options);
  let load: Sender[] = [];
  let loads = 0;
  t.after(async () => {
    for (const one of load) void one.stop();
    await server.kill();
    await receiver.close();
    await folder.remove();
  });
  await addWebhook(server, [receiver.url]);
  const data = join(folder.path, 'data');
  return {
    get server() {
      return server;
    },
    receiver,
    data,
    spare: join(folder.path, 'spare'),
    book,
    acknowledged: () => new Set(acknowledged),
    arrivals: (id) => arrived.get(id)?.count ?? 0,
    lastArrival: (id) => arrived.get(id)?.last ?? Number.POSITIVE_INFINITY,
    startLoad: async () => {
      loads += 1;
      load = Array.from({ length: senders }, (_, index) =>
        startSender(`load${loads}.${index}`, options, noting, random(dice.between(1, 2 ** 30))),
      );
      const enough = acknowledged.size + takenAtFirst;
      const within = 30_000;
      await eventually('events are taken', () => acknowledged.size > enough, { within });
    },
    stopLoad: async () => {
      await Promise.all(load.map((one) => one.stop()));
    },
    run: (...args) => startCommand(args, { ...environmentOf(server), ...options.env }).done,
    start: async () => {
      server = await startServer(options);
    },
    destroy: async () => {
      await server.kill();
      rmSync(data, { recursive: true });
    },
    allArrive: async (ids) => {
      const missing = () => [...ids].filter((id) => !arrived.has(id));
      try {
        await eventually('all arrive', () => missing().length === 0, { within: 90_000 });
      } catch {
        assert.deepEqual(missing().slice(0, 20), [], `${missing().length} are missing`);
      }
    },
  };
}
