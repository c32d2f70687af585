import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { TributaryError } from '../core/errors.ts';
import type { DatabaseName, StateStore } from '../core/state.ts';
import type { ControlTables } from '../core/tables/control-tables.ts';
import type { WorkTables } from '../core/tables/work-tables.ts';
import { controlMigrations } from './state/migrations/control-migrations.ts';
import { workMigrations } from './state/migrations/work-migrations.ts';
import { openSqlite } from './state/open-sqlite.ts';

/** The databases behind the URL of `TRIBUTARY_STATE`, engine by scheme: `sqlite:<folder>`. */
export interface StateStores {
  /** Configuration and control; one process writes it. Every commit is flushed. */
  openControl(): Promise<StateStore<ControlTables>>;
  /** Cursors and parked events; one process writes it. What is lost with the power only repeats. */
  openWork(): Promise<StateStore<WorkTables>>;
  /** The work database for reading, once the worker has made it. */
  openWorkReader(): Promise<StateStore<WorkTables>>;
}

export function stateStores(url: string): StateStores {
  const scheme = 'sqlite:';
  if (!url.startsWith(scheme)) {
    throw new TributaryError('config_invalid', `TRIBUTARY_STATE: no state store for ${url}`);
  }
  const folder = url.slice(scheme.length);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = (name: DatabaseName) => join(folder, `${name}.db`);
  return {
    openControl: () =>
      openSqlite({ file: file('state'), migrations: controlMigrations, durable: true }),
    openWork: () => openSqlite({ file: file('work'), migrations: workMigrations, durable: false }),
    openWorkReader: () => openSqlite({ file: file('work'), readOnly: true, durable: false }),
  };
}
