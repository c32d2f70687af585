import assert from 'node:assert/strict';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { Registry } from 'prom-client';
import type { LogEngine, LogWriter } from '../../core/event-log.ts';
import type { Json } from '../../core/json.ts';
import { silentLogger } from '../../core/logger.ts';
import type { AcceptedMeta } from '../../core/records.ts';
import type { Snapshot, SourceConfig } from '../../core/snapshot.ts';
import { ManualClock } from '../../core/testing/manual-clock.ts';
import { createIngest, type Ingest, type IngestDeps } from '../create-ingest.ts';
import { type Answer, exchange, type Sent } from './exchange.ts';

/** Basic header of the write key `key`. */
export const basic = `Basic ${Buffer.from('key:').toString('base64')}`;
export const auth = { Authorization: basic };

export interface StoredRequest {
  readonly kind: number;
  readonly source: string;
  readonly meta: AcceptedMeta;
  readonly text: string;
}

export interface IngestRig {
  readonly port: number;
  readonly ingest: Ingest;
  readonly clock: ManualClock;
  readonly registry: Registry;
  /** Swaps the sources, and with them the rest of the snapshot. */
  configure(sources: readonly SourceConfig[], more?: Partial<Snapshot>): void;
  /** A request with the header of `key`, its body made JSON unless it is text already. */
  post(path: string, body: Json, headers?: Record<string, string>): Promise<Answer>;
  send(sent: Sent): Promise<Answer>;
  /** What lies in the log `accepted`, oldest first. */
  stored(): Promise<StoredRequest[]>;
}

export function sourceConfig(id: string, more: Partial<SourceConfig> = {}): SourceConfig {
  return { id, slug: id, name: id, enabled: true, writeKeys: [], limits: {}, ...more };
}

/** An ingest on a port of its own with the sources `src` (key `key`) and `off` (key `offkey`, disabled). */
export async function startIngest(
  test: TestContext,
  engine: LogEngine,
  deps: Partial<IngestDeps> = {},
): Promise<IngestRig> {
  const clock = new ManualClock();
  const registry = new Registry();
  const { writer } = await engine.openWriter('accepted', 0);
  const holder = snapshotHolder([
    sourceConfig('src', { writeKeys: ['key'] }),
    sourceConfig('off', { writeKeys: ['offkey'], enabled: false }),
  ]);
  const writers: readonly LogWriter[] = [writer];
  let drawn = 0;
  const ingest = createIngest({
    snapshot: holder,
    writers,
    hasRoom: () => engine.hasRoom(),
    clock,
    randomHex: (bytes) => (++drawn).toString(16).padStart(2 * bytes, '0'),
    logger: silentLogger,
    registry,
    requestsPerSecond: 0,
    forward: { socketPath: join(tmpdir(), 'tributary-no-such.sock') },
    health: async () => ({ ok: true, parts: { log: 'ok' } }),
    metricsText: () => registry.metrics(),
    ...deps,
  });
  ingest.server.listen(0, '127.0.0.1');
  await once(ingest.server, 'listening');
  const address = ingest.server.address();
  assert(typeof address === 'object' && address !== null);
  const { port } = address;
  test.after(async () => {
    const closed = ingest.close();
    clock.advance(60_000);
    await closed;
    await engine.close();
  });
  const reader = await engine.openReader('accepted', 0);
  return {
    port,
    ingest,
    clock,
    registry,
    configure: holder.swap,
    send: (sent) => exchange(port, sent),
    post: (path, body, headers = auth) =>
      exchange(port, {
        path,
        headers: { 'Content-Type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    async stored() {
      const { records } = await reader.read(0);
      return records.map(({ kind, source, meta, body }) => ({
        kind,
        source,
        meta: JSON.parse(meta) as AcceptedMeta,
        text: body.toString(),
      }));
    },
  };
}

/** The error object of a refusal. */
export function errorOf(answer: Answer): Json {
  const { error } = answer.json;
  assert(error !== undefined);
  return error;
}

function snapshotHolder(sources: readonly SourceConfig[]) {
  const listeners = new Set<(snapshot: Snapshot) => void>();
  const holder = {
    current: snapshotOf(1, sources),
    subscribe(wanted: (snapshot: Snapshot) => void) {
      listeners.add(wanted);
      return () => listeners.delete(wanted);
    },
    swap(next: readonly SourceConfig[], more: Partial<Snapshot> = {}) {
      holder.current = { ...snapshotOf(holder.current.version + 1, next), ...more };
      for (const listener of listeners) listener(holder.current);
    },
  };
  return holder;
}

function snapshotOf(version: number, sources: readonly SourceConfig[]): Snapshot {
  const workspace = { id: 'ws', slug: 'ws', name: 'ws' };
  return { version, workspace, sources, connections: [], replays: [] };
}
