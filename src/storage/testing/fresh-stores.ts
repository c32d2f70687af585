import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StateStore } from '../../core/state.ts';
import type { ControlTables } from '../../core/tables/control-tables.ts';
import type { WorkTables } from '../../core/tables/work-tables.ts';
import type { Migrations } from '../state/migrate.ts';
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
  const database = async (name: string, migrations: Migrations) => {
    const file = join(folder, `${name}.db`);
    const template = await migrated(name, migrations);
    if (!existsSync(file)) copyFileSync(template, file);
    return { file, migrations, durable: false };
  };
  return {
    openControl: async () => openSqlite(await database('state', controlMigrations)),
    openWork: async () => openSqlite(await database('work', workMigrations)),
  };
}

const templates = new Map<string, Promise<string>>();

/** An empty database up to date, to be copied: a file of tests makes dozens, and migrations take their time. */
function migrated(name: string, migrations: Migrations): Promise<string> {
  const made = templates.get(name) ?? makeTemplate(name, migrations);
  templates.set(name, made);
  return made;
}

async function makeTemplate(name: string, migrations: Migrations): Promise<string> {
  parent ??= temporaryFolder();
  const file = join(parent, `${name}.db`);
  const store = await openSqlite({ file, migrations, durable: false });
  await store.close();
  return file;
}
