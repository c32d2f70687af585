import type { ColumnDefinitionBuilder, Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { addConfigApi } from './add-config-api.ts';
import { addSyncCatchUp } from './add-sync-catch-up.ts';
import { createAccessControl } from './create-access-control.ts';
import { createAlerts } from './create-alerts.ts';
import { createAudienceDestinations } from './create-audience-destinations.ts';
import { createLeases } from './create-leases.ts';
import { createPrivacy } from './create-privacy.ts';
import { createRegulationTargets } from './create-regulation-targets.ts';
import { createShaping } from './create-shaping.ts';
import { createSpaceFilters } from './create-space-filters.ts';
import { createSpaces } from './create-spaces.ts';
import { createSyncRequests } from './create-sync-requests.ts';
import { createWarehouses } from './create-warehouses.ts';

/**
 * Forward-only migrations of the `state` database; the schema builder only, so that they run on every
 * engine. Each only adds, tables or columns that old code can leave out: nodes of two versions work on
 * one database during a rolling upgrade (see docs/decisions/state-store.md).
 */
export const controlMigrations: Readonly<Record<string, Migration>> = {
  '001-control': {
    async up(db: Kysely<unknown>): Promise<void> {
      await createWorkspace(db);
      await createSources(db);
      await createDestinations(db);
      await createAccess(db);
    },
  },
  '002-source-policy': {
    async up(db: Kysely<unknown>): Promise<void> {
      const defaulting = (value: string) => (column: ColumnDefinitionBuilder) =>
        column.notNull().defaultTo(value);
      const add = (table: string) => db.schema.alterTable(table);
      await add('source').addColumn('policy', 'text', defaulting('{}')).execute();
      await add('destination').addColumn('takes', 'varchar(8)', defaulting('live')).execute();
      await add('write_key').addColumn('mode', 'varchar(8)', defaulting('live')).execute();
      await add('write_key').addColumn('name', 'varchar(255)').execute();
      await add('write_key').addColumn('expires_at', 'bigint').execute();
      await add('write_key').addColumn('last_used_at', 'bigint').execute();
    },
  },
  '003-source-region': {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema.alterTable('source').addColumn('region', 'varchar(16)').execute();
    },
  },
  '004-oauth': {
    async up(db: Kysely<unknown>): Promise<void> {
      await createOAuth(db);
    },
  },
  '005-device-mode': {
    async up(db: Kysely<unknown>): Promise<void> {
      const add = (table: string) => db.schema.alterTable(table);
      const defaulting = (value: string) => (column: ColumnDefinitionBuilder) =>
        column.notNull().defaultTo(value);
      await add('source').addColumn('client_settings', 'text', defaulting('{}')).execute();
      await add('destination').addColumn('subscriptions', 'text').execute();
      await add('destination').addColumn('consent_categories', 'text', defaulting('[]')).execute();
    },
  },
  '006-leases': { up: createLeases },
  '007-access': { up: createAccessControl },
  '008-config-api': { up: addConfigApi },
  '009-shaping': { up: createShaping },
  '010-warehouses': { up: createWarehouses },
  '011-privacy': { up: createPrivacy },
  '012-spaces': { up: createSpaces },
  '013-resent-discards': {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('resent_discard')
        .addColumn('id', 'varchar(255)', (column) => column.primaryKey())
        .addColumn('resent_at', 'bigint', (column) => column.notNull())
        .execute();
    },
  },
  '014-alerts': { up: createAlerts },
  '015-sync-requests': { up: createSyncRequests },
  '016-deletions': {
    async up(db: Kysely<unknown>): Promise<void> {
      const add = () => db.schema.alterTable('regulation');
      await add()
        .addColumn('step', 'integer', (column) => column.notNull().defaultTo(0))
        .execute();
      await add().addColumn('step_at', 'bigint').execute();
    },
  },
  '017-space-filters': { up: createSpaceFilters },
  '018-audience-destinations': { up: createAudienceDestinations },
  '019-sync-catch-up': { up: addSyncCatchUp },
  '020-delivery-limits': {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .alterTable('destination')
        .addColumn('delivery_limits', 'text', (column) => column.notNull().defaultTo('{}'))
        .execute();
    },
  },
  '021-regulation-targets': { up: createRegulationTargets },
};

const required = (column: ColumnDefinitionBuilder) => column.notNull();
const primary = (column: ColumnDefinitionBuilder) => column.primaryKey();
const id = 'varchar(64)';

async function createWorkspace(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('workspace')
    .addColumn('id', id, primary)
    .addColumn('slug', 'varchar(255)', required)
    .addColumn('name', 'varchar(255)', required)
    .addColumn('revision', 'bigint', required)
    .addColumn('created_at', 'bigint', required)
    .execute();
  await db.schema
    .createTable('space')
    .addColumn('id', id, primary)
    .addColumn('workspace_id', id, (column) => column.notNull().references('workspace.id'))
    .addColumn('slug', 'varchar(255)', required)
    .addColumn('name', 'varchar(255)', required)
    .addColumn('created_at', 'bigint', required)
    .addUniqueConstraint('space_slug', ['workspace_id', 'slug'])
    .execute();
}

async function createSources(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('source')
    .addColumn('id', id, primary)
    .addColumn('workspace_id', id, (column) => column.notNull().references('workspace.id'))
    .addColumn('position', 'bigint', required)
    .addColumn('slug', 'varchar(255)', required)
    .addColumn('name', 'varchar(255)', required)
    .addColumn('enabled', 'integer', required)
    .addColumn('metadata_id', id, required)
    .addColumn('settings', 'text', required)
    .addColumn('limits', 'text', required)
    .addColumn('created_at', 'bigint', required)
    .addUniqueConstraint('source_slug', ['workspace_id', 'slug'])
    .execute();
  await db.schema
    .createTable('write_key')
    .addColumn('write_key', 'varchar(255)', primary)
    .addColumn('source_id', id, (column) =>
      column.notNull().references('source.id').onDelete('cascade'),
    )
    .addColumn('position', 'bigint', required)
    .addColumn('created_at', 'bigint', required)
    .execute();
  await createIndex(db, 'source', ['position']);
  await createIndex(db, 'write_key', ['source_id', 'position']);
}

async function createDestinations(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('destination')
    .addColumn('id', id, primary)
    .addColumn('source_id', id, (column) =>
      column.notNull().references('source.id').onDelete('cascade'),
    )
    .addColumn('position', 'bigint', required)
    .addColumn('metadata_id', id, required)
    .addColumn('name', 'varchar(255)')
    .addColumn('enabled', 'integer', required)
    .addColumn('settings', 'text', required)
    .addColumn('since', 'bigint', required)
    .addColumn('created_at', 'bigint', required)
    .execute();
  await db.schema
    .createTable('replay')
    .addColumn('id', id, primary)
    .addColumn('destination_id', id, (column) =>
      column.notNull().references('destination.id').onDelete('cascade'),
    )
    .addColumn('position', 'bigint', required)
    .addColumn('from_time', 'bigint', required)
    .addColumn('to_time', 'bigint', required)
    .addColumn('created_at', 'bigint', required)
    .addColumn('ended_at', 'bigint')
    .addColumn('cancelled', 'integer', required)
    .execute();
  await createIndex(db, 'destination', ['position']);
  await createIndex(db, 'destination', ['source_id', 'position']);
  await createIndex(db, 'replay', ['destination_id', 'position']);
}

async function createAccess(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('token')
    .addColumn('id', id, primary)
    .addColumn('workspace_id', id, (column) => column.notNull().references('workspace.id'))
    .addColumn('position', 'bigint', required)
    .addColumn('name', 'varchar(255)', required)
    .addColumn('hash', 'varchar(64)', (column) => column.notNull().unique())
    .addColumn('permission', 'varchar(16)', required)
    .addColumn('created_at', 'bigint', required)
    .execute();
  await db.schema
    .createTable('audit_event')
    .addColumn('id', id, primary)
    .addColumn('workspace_id', id, (column) => column.notNull().references('workspace.id'))
    .addColumn('position', 'bigint', required)
    .addColumn('at', 'bigint', required)
    .addColumn('actor', 'varchar(64)', required)
    .addColumn('operation', 'varchar(128)', required)
    .addColumn('type', 'varchar(128)', required)
    .addColumn('resource_type', 'varchar(64)', required)
    .addColumn('resource_id', 'varchar(255)', required)
    .addColumn('resource_name', 'varchar(255)', required)
    .execute();
  await createIndex(db, 'audit_event', ['position']);
  await createIndex(db, 'audit_event', ['resource_id', 'position']);
}

async function createOAuth(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('source')
    .addColumn('requires_oauth', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
  await db.schema
    .createTable('oauth_secret')
    .addColumn('workspace_id', id, (column) => column.primaryKey().references('workspace.id'))
    .addColumn('secret', 'varchar(64)', required)
    .execute();
  await db.schema
    .createTable('oauth_app')
    .addColumn('id', id, primary)
    .addColumn('workspace_id', id, (column) => column.notNull().references('workspace.id'))
    .addColumn('position', 'bigint', required)
    .addColumn('name', 'varchar(255)', required)
    .addColumn('scopes', 'text', required)
    .addColumn('token_lifetime', 'varchar(8)', required)
    .addColumn('generation', 'integer', required)
    .addColumn('created_at', 'bigint', required)
    .execute();
  await db.schema
    .createTable('oauth_key')
    .addColumn('id', id, primary)
    .addColumn('app_id', id, ofApp)
    .addColumn('position', 'bigint', required)
    .addColumn('name', 'varchar(255)', required)
    .addColumn('public_key', 'text', required)
    .addColumn('created_at', 'bigint', required)
    .execute();
  await db.schema
    .createTable('oauth_app_source')
    .addColumn('app_id', id, ofApp)
    .addColumn('source_id', id, (column) =>
      column.notNull().references('source.id').onDelete('cascade'),
    )
    .addColumn('position', 'bigint', required)
    .addPrimaryKeyConstraint('oauth_app_source_key', ['app_id', 'source_id'])
    .execute();
  await db.schema
    .createTable('oauth_revoked_token')
    .addColumn('id', id, primary)
    .addColumn('app_id', id, ofApp)
    .addColumn('position', 'bigint', required)
    .addColumn('expires_at', 'bigint', required)
    .execute();
  await createIndex(db, 'oauth_app', ['position']);
  await createIndex(db, 'oauth_key', ['app_id', 'position']);
  await createIndex(db, 'oauth_app_source', ['source_id', 'position']);
}

function ofApp(column: ColumnDefinitionBuilder): ColumnDefinitionBuilder {
  return column.notNull().references('oauth_app.id').onDelete('cascade');
}

async function createIndex(db: Kysely<unknown>, table: string, columns: string[]): Promise<void> {
  await db.schema
    .createIndex(`${table}_by_${columns.join('_')}`)
    .on(table)
    .columns(columns)
    .execute();
}
