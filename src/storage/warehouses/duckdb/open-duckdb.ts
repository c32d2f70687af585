import { dirname, resolve } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { TributaryError } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { OpenWarehouseOptions, Warehouse } from '../../../core/warehouse-engine.ts';
import { makeFolder } from '../../objects/disk/flushed-folders.ts';
import { literal } from '../sql/names.ts';
import { ownStatements } from '../sql/own-tables.ts';
import { DuckdbWarehouse } from './duckdb-warehouse.ts';
import { memoryLimit } from './memory-limit.ts';

/**
 * Opens the file, or makes it. Nothing that queries say reaches other files or the network: DuckDB itself may only read
 * the folder of what is being loaded, which cannot be taken back while the file is open.
 */
export async function openDuckdb(
  settings: JsonObject,
  { dataFolder, tempFolder }: OpenWarehouseOptions,
): Promise<Warehouse> {
  const path = resolve(dataFolder, String(settings['path'] ?? ''));
  let instance: DuckDBInstance;
  try {
    await makeFolder(dirname(path));
    instance = await DuckDBInstance.create(path, {
      threads: '2',
      memory_limit: memoryLimit(0),
      temp_directory: tempFolder,
      // The loader does it itself, by the memory that is taken.
      wal_autocheckpoint: '1GB',
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    });
  } catch (cause) {
    throw openFailure(path, cause);
  }
  let connection: DuckDBConnection | undefined;
  try {
    connection = await instance.connect();
    for (const statement of [
      `set allowed_directories = [${literal(tempFolder)}]`,
      'set enable_external_access = false',
      "set timezone = 'UTC'",
      ...ownStatements,
    ]) {
      await connection.run(statement);
    }
    return new DuckdbWarehouse(instance, connection, tempFolder);
  } catch (cause) {
    connection?.closeSync();
    instance.closeSync();
    throw openFailure(path, cause);
  }
}

function openFailure(path: string, cause: unknown): TributaryError {
  const words = cause instanceof Error ? cause.message : String(cause);
  const reason = /lock/i.test(words) ? 'another program has it open' : words;
  return new TributaryError('warehouse_failed', `${path} cannot be opened: ${reason}`, { cause });
}
