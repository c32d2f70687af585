import assert from 'node:assert/strict';
import type {
  CompiledQuery,
  DatabaseConnection,
  Driver,
  QueryResult,
  TransactionSettings,
} from 'kysely';
import { Pool, type PoolClient } from 'pg';
import { TributaryError } from '../../../core/errors.ts';
import type { Logger } from '../../../core/logger.ts';
import { checkConnection } from './check-connection.ts';
import { connectionError, failureOf } from './connection-failure.ts';
import { type ConnectionTimes, connectionOptions } from './connection-options.ts';
import type { ConnectionSettings } from './connection-settings.ts';
import { fenceFailover } from './fence-failover.ts';

export interface PoolOptions {
  readonly settings: ConnectionSettings;
  /** Where names without a schema are looked up. */
  readonly schema: string;
  readonly times: ConnectionTimes;
  /** Connections at the most. They are made when needed and closed after half a minute without use. */
  readonly most: number;
  /** Whether the tables are there, leases among them: a failover is then found out. Default true. */
  readonly hasLeases?: boolean;
  readonly logger: Logger;
}

const idleMs = 30_000;
/** Statements whose rows are counted in `numAffectedRows`. */
const writing = ['INSERT', 'UPDATE', 'DELETE'];

/**
 * kysely on a pool of connections. One that broke, or that does not answer, is thrown away, and the next
 * query makes another: the pool outlives restarts of the server. What may pass rejects with
 * `store_failed`; mistakes in a statement stay what they are. (kysely's own driver would put a
 * connection that does not answer back into the pool.)
 */
export class PoolDriver implements Driver {
  readonly #settings: ConnectionSettings;
  readonly #pool: Pool;
  readonly #check: (client: PoolClient) => Promise<void>;
  readonly #checked = new WeakSet<PoolClient>();

  constructor({ settings, schema, times, most, hasLeases = true, logger }: PoolOptions) {
    this.#settings = settings;
    this.#pool = new Pool({
      ...connectionOptions(settings, schema, times),
      max: most,
      idleTimeoutMillis: idleMs,
    });
    this.#check = async (client) => {
      await checkConnection(client, schema);
      if (hasLeases) await fenceFailover(client);
    };
    // Unheard, either would end the process: an idle connection that broke, and one that broke in use.
    this.#pool.on('error', ({ message }) => {
      logger.debug({ reason: message }, 'an idle connection to the state store ended');
    });
    this.#pool.on('connect', (client) => client.on('error', () => undefined));
  }

  async init(): Promise<void> {
    // Connections are made when they are needed.
  }

  async acquireConnection(): Promise<PoolConnection> {
    try {
      const client = await this.#pool.connect();
      await this.#checkOnce(client);
      return new PoolConnection(client);
    } catch (error) {
      throw connectionError(error, this.#settings);
    }
  }

  async #checkOnce(client: PoolClient): Promise<void> {
    if (this.#checked.has(client)) return;
    try {
      await this.#check(client);
    } catch (error) {
      client.release(true);
      throw error;
    }
    this.#checked.add(client);
  }

  async beginTransaction(connection: PoolConnection, settings: TransactionSettings): Promise<void> {
    const level = settings.isolationLevel;
    await connection.run(level === undefined ? 'begin' : `begin isolation level ${level}`);
  }

  async commitTransaction(connection: PoolConnection): Promise<void> {
    const { command } = await connection.run('commit');
    assert(command === 'COMMIT', 'a transaction goes on after one of its statements failed');
  }

  async rollbackTransaction(connection: PoolConnection): Promise<void> {
    // The end of a connection is the end of its transaction.
    if (!connection.isBroken) await connection.run('rollback');
  }

  async releaseConnection(connection: PoolConnection): Promise<void> {
    connection.release();
  }

  destroy(): Promise<void> {
    return this.#pool.end();
  }
}

class PoolConnection implements DatabaseConnection {
  readonly #client: PoolClient;
  #isBroken = false;

  constructor(client: PoolClient) {
    this.#client = client;
  }

  get isBroken(): boolean {
    return this.#isBroken;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const { rows, command, rowCount } = await this.run<R>(query.sql, query.parameters);
    if (!writing.includes(command)) return { rows };
    return { rows, numAffectedRows: BigInt(rowCount ?? 0) };
  }

  async run<R>(statement: string, parameters: readonly unknown[] = []) {
    try {
      return await this.#client.query<R & object>(statement, parameters.map(storable));
    } catch (error) {
      const failure = failureOf(error);
      this.#isBroken ||= failure.broken;
      if (!failure.mayPass) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      throw new TributaryError('store_failed', `The state store did not answer: ${reason}`, {
        cause: error,
      });
    }
  }

  // biome-ignore lint/correctness/useYield: nothing streams
  async *streamQuery(): AsyncGenerator<never> {
    assert.fail('the state store gives whole results');
  }

  release(): void {
    this.#client.release(this.#isBroken);
  }
}

/** PostgreSQL has no U+0000 in its texts, and would refuse the whole statement. */
function storable(value: unknown): unknown {
  return typeof value === 'string' && value.includes('\0')
    ? value.replaceAll('\0', '\uFFFD')
    : value;
}
