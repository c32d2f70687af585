import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StateStore } from '../../core/state.ts';
import type { ControlTables } from '../../core/tables/control-tables.ts';
import type { WorkTables } from '../../core/tables/work-tables.ts';
import { controlMigrations } from '../state/migrations/control-migrations.ts';
import { workMigrations } from '../state/migrations/work-migrations.ts';
import { openSqlite } from '../state/open-sqlite.ts';

/** Databases of one test, empty at first; opened again they hold what was committed. */
export interface FreshStores {
  openControl(): Promise<StateStore<ControlTables>>;
  openWork(): Promise<StateStore<WorkTables>>;
}

export interface TestEngine {
  /** What the rules of one engine are asked by. */
  readonly name: 'sqlite' | 'postgres';
  fresh(): FreshStores;
}

let engine: TestEngine = { name: 'sqlite', fresh: sqliteFiles };

/** Databases on the engine of this run: SQLite, unless a module loaded before the tests chose another. */
export function freshStores(): FreshStores {
  return engine.fresh();
}

export function testEngine(): TestEngine['name'] {
  return engine.name;
}

/** To be called before the tests are loaded. */
export function useEngine(chosen: TestEngine): void {
  engine = chosen;
}

let parent: string | undefined;

function temporaryFolder(): string {
  const path = mkdtempSync(join(tmpdir(), 'tributary-state-'));
  process.once('exit', () => rmSync(path, { recursive: true, force: true }));
  return path;
}

function sqliteFiles(): FreshStores {
  parent ??= temporaryFolder();
  const folder = mkdtempSync(join(parent, 'stores-'));
  const open = (name: string) => ({ file: join(folder, `${name}.db`), durable: false });
  return {
    openControl: () => openSqlite({ ...open('state'), migrations: controlMigrations }),
    openWork: () => openSqlite({ ...open('work'), migrations: workMigrations }),
  };
}
