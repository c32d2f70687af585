import { TributaryError } from '../../../core/errors.ts';

/** What is needed of a client of `pg`. */
export interface Queryable {
  /** What the other end has called itself; not declared by `pg`. */
  readonly processID?: number | null;
  query<R extends object>(
    statement: string,
    parameters?: readonly unknown[],
  ): Promise<{ readonly rows: R[] }>;
}

interface Settings {
  readonly pid: number;
  readonly path: string;
  readonly is_read_only: string;
}

/**
 * Asked of each new connection before its first use, since the address may lead to another server by now.
 * Rejects with `store_failed` at a standby, and with `config_invalid` where a pooler stands between: it may
 * change the server unnoticed, drop what a connection begins with, and hear no notifications.
 *
 * A commit is on disk when it is acknowledged, whatever the server is set to: a node that outlives a crash
 * of the server would otherwise believe in parked events that are gone. Stricter settings stay.
 */
export async function checkConnection(client: Queryable, schema: string): Promise<void> {
  const { rows } = await client.query<Settings>(
    `select pg_backend_pid() as pid, current_setting('search_path') as path,
      current_setting('transaction_read_only') as is_read_only,
      case when current_setting('synchronous_commit') = 'off'
        then set_config('synchronous_commit', 'on', false) end`,
  );
  const [settings] = rows;
  if (settings?.path !== schema || settings.pid !== client.processID) {
    throw new TributaryError('config_invalid', `TRIBUTARY_STATE: ${poolerHint}`);
  }
  if (settings.is_read_only === 'on') {
    throw new TributaryError(
      'store_failed',
      'The state store is read only: PostgreSQL at this address is a standby, or is set so',
    );
  }
}

/** For the operator who has put a pooler between. */
export const poolerHint =
  'a connection pooler stands between; give the address of PostgreSQL itself (connections are pooled here; see docs/decisions/state-store.md)';
