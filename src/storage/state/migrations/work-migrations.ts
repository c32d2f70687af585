import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { createArchive } from './create-archive.ts';
import { createDeletionTargets } from './create-deletion-targets.ts';
import { createDeliveryFailures } from './create-delivery-failures.ts';
import { createFunctionInvocations } from './create-function-invocations.ts';
import { createLeases } from './create-leases.ts';
import { createOAuthTokens } from './create-oauth-tokens.ts';
import { createReverseEtl } from './create-reverse-etl.ts';
import { createUsage } from './create-usage.ts';
import { createWarehouseLoads } from './create-warehouse-loads.ts';

/** Migrations of the `work` database, under the rules of those of `state`. */
export const workMigrations: Readonly<Record<string, Migration>> = {
  '001-cursors': {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('cursor')
        .addColumn('lane', 'varchar(200)', (column) => column.notNull())
        .addColumn('partition', 'integer', (column) => column.notNull())
        .addColumn('position', 'bigint', (column) => column.notNull())
        .addColumn('stamp_input', 'bigint', (column) => column.notNull())
        .addColumn('stamp_item', 'integer', (column) => column.notNull())
        .addColumn('open_ms', 'bigint', (column) => column.notNull())
        .addColumn('updated_at', 'bigint', (column) => column.notNull())
        .addPrimaryKeyConstraint('cursor_pk', ['lane', 'partition'])
        .execute();
      await db.schema
        .createTable('parked')
        .addColumn('lane', 'varchar(200)', (column) => column.notNull())
        .addColumn('partition', 'integer', (column) => column.notNull())
        .addColumn('position', 'bigint', (column) => column.notNull())
        .addColumn('keys', 'text', (column) => column.notNull())
        .addColumn('attempts', 'integer', (column) => column.notNull())
        .addColumn('first_attempt', 'bigint', (column) => column.notNull())
        .addColumn('next_attempt', 'bigint', (column) => column.notNull())
        .addColumn('open_ms_before', 'bigint', (column) => column.notNull())
        .addColumn('last_error', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('parked_pk', ['lane', 'partition', 'position'])
        .execute();
      await db.schema
        .createTable('replay_progress')
        .addColumn('lane', 'varchar(200)', (column) => column.notNull())
        .addColumn('partition', 'integer', (column) => column.notNull())
        .addColumn('replay', 'varchar(64)', (column) => column.notNull())
        .addColumn('connection', 'varchar(64)', (column) => column.notNull())
        .addColumn('state', 'varchar(16)', (column) => column.notNull())
        .addColumn('until', 'bigint', (column) => column.notNull())
        .addColumn('delivered', 'bigint', (column) => column.notNull())
        .addColumn('discarded', 'bigint', (column) => column.notNull())
        .addColumn('filtered', 'bigint', (column) => column.notNull())
        .addColumn('started_at', 'bigint', (column) => column.notNull())
        .addColumn('updated_at', 'bigint', (column) => column.notNull())
        .addPrimaryKeyConstraint('replay_progress_pk', ['lane', 'partition'])
        .execute();
    },
  },
  '002-leases': { up: createLeases },
  '003-nodes': {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('shared_secret')
        .addColumn('name', 'varchar(64)', (column) => column.primaryKey())
        .addColumn('value', 'varchar(128)', (column) => column.notNull())
        .execute();
      await db.schema
        .createTable('watched_source')
        .addColumn('source', 'varchar(64)', (column) => column.primaryKey())
        .addColumn('until', 'bigint', (column) => column.notNull())
        .execute();
    },
  },
  '004-usage': { up: createUsage },
  '005-oauth-tokens': { up: createOAuthTokens },
  '006-reverse-etl': { up: createReverseEtl },
  '007-warehouse-loads': { up: createWarehouseLoads },
  '008-function-invocations': { up: createFunctionInvocations },
  '009-archive': { up: createArchive },
  '010-delivery-failures': { up: createDeliveryFailures },
  '011-deletion-targets': { up: createDeletionTargets },
};
