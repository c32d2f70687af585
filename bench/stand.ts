import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { addWebhook } from '../test/rig/api.ts';
import { eventually } from '../test/rig/eventually.ts';
import {
  type CountingWebhook,
  type OwnProcess,
  pin,
  startCountingWebhook,
  startOwnProcess,
} from '../test/rig/own-process.ts';
import { type Server, startServer, testWriteKey } from '../test/rig/server.ts';
import type { Bench } from './bench.ts';
import { corpus } from './load/corpus.ts';
import { batchRequests, singleRequests, writeRequestFile } from './load/request-file.ts';
import { type SlotResult, wrk } from './load/wrk.ts';

/** Events in one batch request of the benchmark. */
export const batchSize = 100;

export type Variant = 'discard' | 'validate' | 'durable';
type Shape = 'single' | 'batch';

/**
 * All variants up at once: the yardstick, parse-and-validate, and the whole product with a webhook
 * connected. The first two and the ingest process share a core, since only one of them is loaded at a time.
 */
export interface Stand {
  readonly server: Server;
  readonly webhook: CountingWebhook;
  /** One slot of load. */
  slot(variant: Variant, shape: Shape, connections: number, seconds?: number): Promise<SlotResult>;
  stop(): Promise<void>;
}

export interface StandOptions {
  /** The whole tree on the core of ingest. */
  readonly oneCore?: boolean;
  /** How the product is started; default `sh bin/tributary serve`. */
  readonly command?: readonly string[];
  /** Prepares the folder before the product starts in it. */
  readonly prepare?: (folder: string) => Promise<void>;
  readonly env?: Readonly<Record<string, string>>;
}

export async function startStand(bench: Bench, options: StandOptions = {}): Promise<Stand> {
  const { cores } = bench;
  const folder = bench.folder();
  const files = requestFiles(bench.folder(), bench.quick);
  const discard = await startOwnProcess(new URL('servers/discard.ts', import.meta.url), {
    core: cores.ingest,
  });
  const validate = await startOwnProcess(new URL('servers/validate.ts', import.meta.url), {
    core: cores.ingest,
    args: [testWriteKey],
  });
  const webhook = await startCountingWebhook({ core: cores.rest });
  const env = { TRIBUTARY_RATE_LIMIT: '0', TRIBUTARY_LOG_LEVEL: 'warn', ...options.env };
  await options.prepare?.(folder);
  const server = await startServer({
    folder,
    env,
    ...(options.command && { command: options.command }),
  });
  await addWebhook(server, [`${webhook.url}/hook`]);
  const ingest = await pinTree(server, bench, options.oneCore === true);
  const targets = { discard, validate, durable: { url: server.url, pid: ingest } };
  return {
    server,
    webhook,
    slot: (variant, shape, connections, seconds = bench.slotSeconds) =>
      wrk({
        url: targets[variant].url,
        pid: targets[variant].pid,
        requests: files[shape],
        connections,
        seconds,
        core: cores.generator,
      }),
    stop: async () => {
      await server.kill();
      const others: OwnProcess[] = [discard, validate, webhook];
      await Promise.all(others.map((other) => other.stop()));
    },
  };
}

/** Ingest and worker on cores of their own, everything else of the tree on the last. Returns ingest's pid. */
async function pinTree(server: Server, { cores }: Bench, oneCore: boolean): Promise<number> {
  const roles = ['ingest', 'worker', 'control'];
  const isRole = (role: string) => (fact: { readonly command: string }) =>
    fact.command.startsWith(`tributary ${role}`);
  await eventually(
    'all processes run',
    () => roles.every((role) => server.tree().some(isRole(role))),
    {
      within: 20_000,
    },
  );
  for (const fact of server.tree()) {
    if (oneCore || isRole('ingest')(fact)) pin(fact.pid, cores.ingest);
    else pin(fact.pid, isRole('worker')(fact) ? cores.worker : cores.rest);
  }
  return server.tree().find(isRole('ingest'))?.pid ?? server.pid;
}

/** The request files of both shapes: 4,000 single events; 250 batches of 100 other ones. */
function requestFiles(folder: string, quick: boolean): Record<Shape, string> {
  mkdirSync(folder, { recursive: true });
  const files = { single: join(folder, 'single.requests'), batch: join(folder, 'batch.requests') };
  const batches = quick ? 50 : 250;
  writeRequestFile(files.single, singleRequests(corpus(1, 4_000), testWriteKey));
  const events = corpus(2, batches * batchSize);
  writeRequestFile(files.batch, batchRequests(events, batchSize, testWriteKey));
  return files;
}
