import { Pool } from 'pg';
import { limits } from '../../core/limits.ts';
import type { WarehouseTestResult } from '../../core/warehouse.ts';

/** Where a server is that speaks PostgreSQL's protocol, and who asks. */
export interface PostgresTarget {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
}

/**
 * Whether the server takes the user and answers a query. By TLS where the server has it, whoever its certificate names:
 * what libpq calls `prefer`.
 */
export async function testPostgres(target: PostgresTarget): Promise<WarehouseTestResult> {
  if (!Number.isInteger(target.port) || target.port < 1 || target.port > 65_535) {
    return { ok: false, message: 'The port must be a whole number from 1 to 65535' };
  }
  const encrypted = await attempt(target, true);
  return !encrypted.ok && /does not support SSL/i.test(encrypted.message)
    ? attempt(target, false)
    : encrypted;
}

async function attempt(target: PostgresTarget, tls: boolean): Promise<WarehouseTestResult> {
  const most = limits.warehouseTestMs / 2;
  // A pool gives up a connection that was never made; a client alone waits for its end.
  const pool = new Pool({
    ...target,
    ssl: tls ? { rejectUnauthorized: false } : false,
    max: 1,
    connectionTimeoutMillis: most,
    query_timeout: most,
    application_name: 'tributary',
  });
  // A connection that breaks later says so here too; the query has said it already.
  pool.on('error', () => undefined);
  try {
    await pool.query('select 1');
    return { ok: true };
  } catch (error) {
    return { ok: false, message: error instanceof Error ? reasonOf(error) : String(error) };
  } finally {
    await pool.end();
  }
}

/** An error of several addresses of a name has its reasons inside. */
function reasonOf(error: Error): string {
  if (error.message !== '') return error.message;
  const inner = error instanceof AggregateError ? error.errors : [];
  return inner.map(String).join('; ') || error.name;
}
