import { dirname, parse, resolve } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { TributaryError } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { OpenWarehouseOptions, Warehouse } from '../../../core/warehouse-engine.ts';
import { makeFolder } from '../../objects/disk/flushed-folders.ts';
import { literal, quoted } from '../sql/names.ts';
import { ownStatements } from '../sql/own-tables.ts';
import {
  begin,
  checkpoint,
  DuckdbWarehouse,
  failure,
  type OpenDuckdb,
} from './duckdb-warehouse.ts';
import { EngineMemory, queryMemory, usualMemory } from './engine-memory.ts';

/**
 * Of a new file. A column of a table that a load touches is held in a block of its own at the least: with DuckDB's usual
 * 256 KB thirty tables would take 200 MB.
 */
const blockBytes = 16 * 1024;
/**
 * A checkpoint joins the small row groups at the end of every table that it finds changed, and holds what it joined until it has
 * all: with DuckDB's usual 122,880 rows, or 16,384, that is 100 MB and more.
 */
const rowGroupRows = 4_096;
/** Names that DuckDB has for databases of its own. */
const ownDatabases = ['memory', 'system', 'temp'];

/**
 * Opens the file, or makes it. Nothing that queries say reaches other files or the network: DuckDB itself may only read
 * the folder of what is being loaded, which cannot be taken back while the file is open. `usual`: bytes that it may hold;
 * tests shrink it.
 */
export async function openDuckdb(
  settings: JsonObject,
  { dataFolder, tempFolder }: OpenWarehouseOptions,
  usual = usualMemory,
): Promise<Warehouse> {
  const path = resolve(dataFolder, String(settings['path'] ?? ''));
  const open = () => openFile(path, tempFolder, usual);
  return new DuckdbWarehouse(await open(), open);
}

async function openFile(path: string, tempFolder: string, usual: number): Promise<OpenDuckdb> {
  const { name } = parse(path);
  const database = ownDatabases.includes(name.toLowerCase()) ? `${name}_file` : name;
  const opened: { closeSync(): void }[] = [];
  const connect = async (instance: DuckDBInstance): Promise<DuckDBConnection> => {
    const connection = await instance.connect();
    opened.unshift(connection);
    return connection;
  };
  try {
    await makeFolder(dirname(path));
    const instance = await DuckDBInstance.create(':memory:', {
      // The next unit is made meanwhile; a second thread would mostly wait, and that busily.
      threads: '1',
      temp_directory: tempFolder,
      default_block_size: String(blockBytes),
      // The loader does it itself, by the memory that is taken.
      wal_autocheckpoint: '1GB',
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    });
    opened.unshift(instance);
    const side = await connect(instance);
    const connection = await connect(instance);
    const memory = new EngineMemory({
      usual,
      set: (limit) => run(side, `set memory_limit = '${limit}'`),
      relieve: () => checkpoint(side),
    });
    const attach = `attach ${literal(path)} as ${quoted(database)} (row_group_size ${rowGroupRows})`;
    await memory.hold(queryMemory, () => memory.sufficing(0, () => run(side, attach)));
    for (const statement of [
      `set allowed_directories = [${literal(tempFolder)}]`,
      'set enable_external_access = false',
    ]) {
      await run(side, statement);
    }
    for (const one of [side, connection]) await begin(one, database);
    for (const statement of ownStatements) await run(connection, statement);
    return { instance, connection, side, memory, database, tempFolder };
  } catch (cause) {
    for (const one of opened) one.closeSync();
    throw openFailure(path, cause);
  }
}

async function run(connection: DuckDBConnection, sql: string): Promise<void> {
  try {
    await connection.run(sql);
  } catch (cause) {
    throw failure(cause);
  }
}

function openFailure(path: string, cause: unknown): TributaryError {
  const words = cause instanceof Error ? cause.message : String(cause);
  const reason = /lock/i.test(words) ? 'another program has it open' : words;
  return new TributaryError('warehouse_failed', `${path} cannot be opened: ${reason}`, { cause });
}
