import assert from 'node:assert/strict';
import { after, before, type TestContext } from 'node:test';
import { type Clock, systemClock } from '../../src/core/clock.ts';
import type { Logger } from '../../src/core/logger.ts';
import { type StateStoresOptions, stateStores } from '../../src/storage/open-state.ts';
import { type Postgres, type PostgresOptions, startPostgres } from '../rig/postgres.ts';
import { startTcpProxy } from '../rig/tcp-proxy.ts';
import { postgres } from '../services/postgres.ts';

/** Why a file of tests is skipped; false where PostgreSQL is installed. */
export const missing = postgres.find() === undefined && 'PostgreSQL cannot be installed here';

/** A server for all tests of a file; to be asked for in a test. */
export function sharedServer(options?: PostgresOptions): () => Postgres {
  let server: Postgres | undefined;
  before(async () => {
    if (missing === false) server = await startPostgres(options);
  });
  after(() => server?.remove());
  return () => {
    assert(server !== undefined, 'PostgreSQL was started before the tests');
    return server;
  };
}

/** A server that ends with the test. */
export async function serverFor(t: TestContext, options?: PostgresOptions): Promise<Postgres> {
  const server = await startPostgres(options);
  t.after(() => server.remove());
  return server;
}

/** Stores as a node opens them; what is opened is closed with the test. */
export function nodeFor(t: TestContext, url: string, options: StateStoresOptions = {}) {
  const stores = stateStores(url, options);
  const closing = async <Store extends { close(): Promise<void> }>(opening: Promise<Store>) => {
    const store = await opening;
    t.after(() => store.close());
    return store;
  };
  return {
    control: () => closing(stores.openControl()),
    work: () => closing(stores.openWork()),
    workReader: () => closing(stores.openWorkReader()),
  };
}

/** A way to the server that ends with the test, and a database's URL that takes it. */
export async function proxyFor(t: TestContext, server: Postgres) {
  const proxy = await startTcpProxy(server.port);
  t.after(() => proxy.close());
  const through = (url: string) => {
    const changed = new URL(url);
    changed.port = String(proxy.port);
    return changed.href;
  };
  return { proxy, through };
}

/** A node whose timers never run, as if it had stopped dead: what it holds is never renewed. */
export const stoppedTimers: Clock = { ...systemClock, after: () => () => undefined };

/** A log that keeps every line as JSON, errors with all that a logger would find in them. */
export function keptLog(): { readonly logger: Logger; readonly lines: string[] } {
  const lines: string[] = [];
  const keep = (fields: object, message: string) => {
    lines.push(JSON.stringify({ message, ...plain(fields) }));
  };
  const logger: Logger = { debug: keep, info: keep, warn: keep, error: keep, child: () => logger };
  return { logger, lines };
}

/** The fields of a value down to a depth, errors and their causes too. What lies deeper is left out. */
export function plain(value: object, depth = 0): object {
  const own =
    value instanceof Error
      ? { message: value.message, stack: value.stack, cause: value.cause }
      : {};
  const fields = Object.entries({ ...own, ...value }).map(([key, field]: [string, unknown]) => {
    if (typeof field !== 'object' || field === null) return [key, String(field)];
    return [key, depth < 6 ? plain(field, depth + 1) : '…'];
  });
  return Object.fromEntries(fields);
}
