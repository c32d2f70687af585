import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Clock } from '../../core/clock.ts';
import { TributaryError } from '../../core/errors.ts';
import type { Logger } from '../../core/logger.ts';
import type { StateStore } from '../../core/state.ts';
import { isMigrated, type Migrations } from './migrate.ts';
import { connectionOptions, leaseTimes, queryTimes } from './postgres/connection-options.ts';
import { connectionSettings } from './postgres/connection-settings.ts';
import { postgresDatabase } from './postgres/postgres-database.ts';
import { PostgresLeases } from './postgres/postgres-leases.ts';
import { prepareSchema } from './postgres/prepare-schema.ts';
import { RevisionWatch } from './postgres/revision-watch.ts';

export interface PostgresOptions {
  /** `postgres://…`: see `connectionSettings`. */
  readonly url: string;
  /** Added to the schema of the URL: each set of tables has a schema of its own. */
  readonly suffix: '' | '_work';
  readonly migrations: Migrations;
  /** Does not migrate: it finds the tables, or rejects. */
  readonly isReader?: boolean;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Tests shrink it. */
  readonly leaseMs?: number;
}

/** Connections for leases: a renewal does not wait behind somebody who asks for one. */
const leaseConnections = 2;
/** Connections of a store that is only read: what one list of the API asks for at a time. */
const readerConnections = 2;

/** Opens one set of tables of a PostgreSQL database. Rejects with `config_invalid` or `store_failed`. */
export async function openPostgres<Tables>(options: PostgresOptions): Promise<StateStore<Tables>> {
  const { url, suffix, migrations, isReader = false, clock, logger, leaseMs } = options;
  const settings = connectionSettings(url);
  const schema = settings.schema + suffix;
  const shared = { settings, schema, logger };
  if (!isReader) await prepareSchema(shared, migrations);
  const most = isReader ? readerConnections : settings.pool;
  const db = postgresDatabase<Tables>({ ...shared, times: queryTimes, most, hasLeases: !isReader });
  if (isReader) await assertMigrated(db, migrations, schema);
  const leases = new PostgresLeases({
    db: postgresDatabase<unknown>({ ...shared, times: leaseTimes, most: leaseConnections }),
    owner: randomUUID(),
    clock,
    logger,
    ...(leaseMs !== undefined && { leaseMs }),
  });
  const watches = new Set<RevisionWatch>();
  return {
    db,
    leases,
    watchRevision: (onChange) => {
      if (suffix !== '') return () => undefined;
      const connection = connectionOptions(settings, schema, leaseTimes);
      const watch = new RevisionWatch({ connection, schema, clock, logger, onChange });
      watches.add(watch);
      void watch.run();
      return () => watch.stop();
    },
    close: async () => {
      for (const watch of watches) watch.stop();
      await leases.close();
      await db.destroy();
    },
  };
}

async function assertMigrated<Tables>(
  db: Kysely<Tables>,
  migrations: Migrations,
  schema: string,
): Promise<void> {
  let isThere = false;
  try {
    isThere = await isMigrated(db, migrations, schema);
  } finally {
    if (!isThere) await db.destroy();
  }
  if (!isThere)
    throw new TributaryError('store_failed', `The tables of ${schema} are not there yet`);
}
