import { TributaryError } from '../../../core/errors.ts';

/** What is needed of a client of `pg`. */
export interface Queryable {
  query<R extends object>(
    statement: string,
    parameters?: readonly unknown[],
  ): Promise<{ readonly rows: R[] }>;
}

interface Settings {
  readonly path: string;
  readonly is_read_only: string;
}

/**
 * Asked of each new connection before its first use, since the address may lead to another server by now.
 * Rejects with `store_failed` at a standby, and with `config_invalid` where something between drops what a
 * connection begins with.
 *
 * A commit is on disk when it is acknowledged, whatever the server is set to: a node that outlives a crash
 * of the server would otherwise believe in parked events that are gone. Stricter settings stay.
 */
export async function checkConnection(client: Queryable, schema: string): Promise<void> {
  const { rows } = await client.query<Settings>(
    `select current_setting('search_path') as path,
      current_setting('transaction_read_only') as is_read_only,
      case when current_setting('synchronous_commit') = 'off'
        then set_config('synchronous_commit', 'on', false) end`,
  );
  const [settings] = rows;
  if (settings?.path !== schema) {
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
  'the settings of a connection do not reach PostgreSQL; a pooler between has to pass `options` on, or be left out (see docs/decisions/state-store.md)';
