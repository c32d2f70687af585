import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Clock, systemClock } from '../core/clock.ts';
import { TributaryError } from '../core/errors.ts';
import { type Logger, silentLogger } from '../core/logger.ts';
import type { DatabaseName, StateStore } from '../core/state.ts';
import type { ControlTables } from '../core/tables/control-tables.ts';
import type { WorkTables } from '../core/tables/work-tables.ts';
import { controlMigrations } from './state/migrations/control-migrations.ts';
import { workMigrations } from './state/migrations/work-migrations.ts';

/** The databases behind the URL of `TRIBUTARY_STATE`. Engines load on first use. */
export interface StateStores {
  /** Configuration and control. Every commit is flushed. */
  openControl(): Promise<StateStore<ControlTables>>;
  /** The same for reading, once a control process has made it. */
  openControlReader(): Promise<StateStore<ControlTables>>;
  /** Cursors and parked events. What is lost with the power only repeats. */
  openWork(): Promise<StateStore<WorkTables>>;
  /** The work database for reading, once a worker has made it. */
  openWorkReader(): Promise<StateStore<WorkTables>>;
}

export interface StateStoresOptions {
  readonly clock?: Clock;
  readonly logger?: Logger;
  /** Tests shrink it. */
  readonly leaseMs?: number;
}

/**
 * `sqlite:<folder>`: two files, each written by one process. `postgres://…`: two schemas of one database
 * that all nodes share (its parameters: `connectionSettings`). Fails with `config_invalid`.
 */
export function stateStores(url: string, options: StateStoresOptions = {}): StateStores {
  const [, scheme, rest = ''] = /^(\w+):(.*)$/.exec(url) ?? [];
  if (scheme === 'sqlite') return sqliteStores(rest);
  if (scheme === 'postgres' || scheme === 'postgresql') return postgresStores(url, options);
  throw new TributaryError('config_invalid', `TRIBUTARY_STATE: no state store for ${scheme}:`);
}

function sqliteStores(folder: string): StateStores {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = (name: DatabaseName) => join(folder, `${name}.db`);
  const engine = () => import('./state/open-sqlite.ts');
  return {
    openControl: async () =>
      (await engine()).openSqlite({
        file: file('state'),
        migrations: controlMigrations,
        durable: true,
      }),
    openControlReader: async () =>
      (await engine()).openSqlite({ file: file('state'), readOnly: true, durable: false }),
    openWork: async () =>
      (await engine()).openSqlite({
        file: file('work'),
        migrations: workMigrations,
        durable: false,
      }),
    openWorkReader: async () =>
      (await engine()).openSqlite({ file: file('work'), readOnly: true, durable: false }),
  };
}

function postgresStores(
  url: string,
  { clock = systemClock, logger = silentLogger, leaseMs }: StateStoresOptions,
): StateStores {
  const engine = () => import('./state/open-postgres.ts');
  const shared = { url, clock, logger, ...(leaseMs !== undefined && { leaseMs }) };
  const work = { ...shared, suffix: '_work', migrations: workMigrations } as const;
  const control = { ...shared, suffix: '', migrations: controlMigrations } as const;
  return {
    openControl: async () => (await engine()).openPostgres(control),
    openControlReader: async () => (await engine()).openPostgres({ ...control, isReader: true }),
    openWork: async () => (await engine()).openPostgres(work),
    openWorkReader: async () => (await engine()).openPostgres({ ...work, isReader: true }),
  };
}
