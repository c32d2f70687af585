import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { TributaryError } from '../../../core/errors.ts';
import { memoryLimit } from '../duckdb/memory-limit.ts';

/** DuckDB in memory: it writes and reads the files of a lake, and holds nothing. */
export class LakeDatabase {
  readonly #instance: DuckDBInstance;
  readonly connection: DuckDBConnection;

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#instance = instance;
    this.connection = connection;
  }

  static async open(tempFolder: string): Promise<LakeDatabase> {
    try {
      const instance = await DuckDBInstance.create(':memory:', {
        threads: '2',
        memory_limit: memoryLimit(0),
        temp_directory: tempFolder,
        autoinstall_known_extensions: 'false',
        autoload_known_extensions: 'false',
      });
      const connection = await instance.connect();
      await connection.run("set timezone = 'UTC'");
      return new LakeDatabase(instance, connection);
    } catch (cause) {
      throw lakeFailure(cause);
    }
  }

  /** Gives it the memory that tables of so many columns take, and no more. */
  async allowColumns(columns: number): Promise<void> {
    await this.run(`set memory_limit = '${memoryLimit(columns)}'`);
  }

  async select(sql: string): Promise<readonly (readonly unknown[])[]> {
    try {
      return await (await this.connection.run(sql)).getRowsJson();
    } catch (cause) {
      throw lakeFailure(cause);
    }
  }

  /** Resolves with the rows that it changed. */
  async run(sql: string): Promise<number> {
    try {
      return (await this.connection.run(sql)).rowsChanged;
    } catch (cause) {
      throw lakeFailure(cause);
    }
  }

  close(): void {
    this.connection.closeSync();
    this.#instance.closeSync();
  }
}

export function lakeFailure(cause: unknown): TributaryError {
  const words = cause instanceof Error ? cause.message : String(cause);
  return new TributaryError('warehouse_failed', `The lake: ${words}`, { cause });
}
