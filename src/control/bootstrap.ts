import type { Kysely } from 'kysely';
import { assertHeld, type Lease } from '../core/lease.ts';
import type { StateStore } from '../core/state.ts';
import type { ControlTables } from '../core/tables/control-tables.ts';
import { tokenHash } from '../core/token-hash.ts';
import { writeAudit } from './access/write-audit.ts';
import { nextRevision } from './configuration/next-revision.ts';
import { newId, newToken, newWriteKey, type RandomBytes } from './ids.ts';

export interface BootstrapOptions {
  readonly store: StateStore<ControlTables>;
  readonly random: RandomBytes;
  readonly now: number;
  /** The operator's own access token: valid from this start on, also when it is not the first. */
  readonly token?: string;
  /** The operator's own write key, for the first source; only the first start takes it. */
  readonly writeKey?: string;
  /** True: a file of DuckDB becomes the first warehouse, with the first source. */
  readonly hasWarehouse?: boolean;
  /** Region of the first source; null marks it with none. */
  readonly region?: string | null;
}

export interface BootstrapResult {
  /** In plain text, only when this start made it. */
  readonly token: string | undefined;
  /** Oldest live write key that holds. */
  readonly writeKey: string | undefined;
  readonly workspaceSlug: string;
}

/** Catalogue id of `http-api`, the kind of the first source. */
const httpApi = 'iUM16Md8P2';
/** Catalogue id of `duckdb`. */
const duckdb = 'dUcKdB7w1a';

/**
 * Makes what a first start needs: a workspace, a space, a source with a write key, an access token
 * with every permission. Later starts find it and make nothing; each may bring one more token. Of
 * nodes that start together one makes it, and the others find it.
 */
export async function bootstrap(options: BootstrapOptions): Promise<BootstrapResult> {
  const lease = await options.store.leases.take('bootstrap');
  try {
    return await bootstrapUnder(lease, options);
  } finally {
    await lease.release();
  }
}

function bootstrapUnder(lease: Lease, options: BootstrapOptions): Promise<BootstrapResult> {
  return options.store.db.transaction().execute(async (db) => {
    await assertHeld(db.$pickTables<'lease'>(), lease);
    const first = (await findWorkspace(db)) === undefined;
    const workspace = (await findWorkspace(db)) ?? (await makeWorkspace(db, options));
    const token = first ? (options.token ?? newToken(options.random)) : options.token;
    const made = token !== undefined && (await addToken(db, workspace.id, token, options));
    return {
      token: made ? token : undefined,
      writeKey: await oldestWriteKey(db, options.now),
      workspaceSlug: workspace.slug,
    };
  });
}

function findWorkspace(db: Kysely<ControlTables>) {
  return db.selectFrom('workspace').select(['id', 'slug']).executeTakeFirst();
}

async function makeWorkspace(
  db: Kysely<ControlTables>,
  options: BootstrapOptions,
): Promise<{ readonly id: string; readonly slug: string }> {
  const { now, random } = options;
  const workspace = { id: newId(random), slug: 'default', name: 'default' };
  await db
    .insertInto('workspace')
    .values({ ...workspace, revision: 0, created_at: now })
    .execute();
  await db
    .insertInto('space')
    .values({
      id: newId(random),
      workspace_id: workspace.id,
      slug: 'default',
      name: 'default',
      created_at: now,
    })
    .execute();
  await makeLabels(db, workspace.id);
  const source = await makeSource(db, workspace.id, options);
  if (options.hasWarehouse === true) await makeWarehouse(db, workspace.id, source, options);
  return workspace;
}

/** A workspace begins with two labels (spec public-api §6, Labels). */
async function makeLabels(db: Kysely<ControlTables>, workspaceId: string): Promise<void> {
  const labels = [];
  for (const value of ['dev', 'prod']) {
    const position = await nextRevision(db, workspaceId);
    const row = { workspace_id: workspaceId, key: 'environment', value, position };
    labels.push({ ...row, description: null });
  }
  await db.insertInto('label').values(labels).execute();
}

async function makeSource(
  db: Kysely<ControlTables>,
  workspaceId: string,
  { now, random, writeKey, region = null }: BootstrapOptions,
): Promise<string> {
  const position = await nextRevision(db, workspaceId);
  const id = newId(random);
  await db
    .insertInto('source')
    .values({
      id,
      workspace_id: workspaceId,
      position,
      slug: 'http-api',
      name: 'HTTP API',
      enabled: 1,
      metadata_id: httpApi,
      settings: '{}',
      limits: '{}',
      region,
      created_at: now,
    })
    .execute();
  await db
    .insertInto('write_key')
    .values({
      write_key: writeKey ?? newWriteKey(random, region),
      source_id: id,
      position,
      created_at: now,
    })
    .execute();
  await audit(db, workspaceId, position, 'Source Created', 'source', id, 'HTTP API', {
    now,
    random,
  });
  return id;
}

/** A new user opens SQL on the first events a minute after the start. */
async function makeWarehouse(
  db: Kysely<ControlTables>,
  workspaceId: string,
  sourceId: string,
  { now, random }: BootstrapOptions,
): Promise<void> {
  const position = await nextRevision(db, workspaceId);
  const id = newId(random);
  await db
    .insertInto('warehouse')
    .values({
      id,
      workspace_id: workspaceId,
      position,
      metadata_id: duckdb,
      name: 'DuckDB',
      enabled: 1,
      settings: '{}',
      schedule: null,
      created_at: now,
    })
    .execute();
  await db
    .insertInto('warehouse_source')
    .values({ warehouse_id: id, source_id: sourceId, position, created_at: now })
    .execute();
  await audit(db, workspaceId, position, 'Warehouse Created', 'warehouse', id, 'DuckDB', {
    now,
    random,
  });
}

/** False when the token is known already. */
async function addToken(
  db: Kysely<ControlTables>,
  workspaceId: string,
  token: string,
  options: BootstrapOptions,
): Promise<boolean> {
  const { now, random } = options;
  const hash = tokenHash(token);
  const known = await db
    .selectFrom('token')
    .select('id')
    .where('hash', '=', hash)
    .executeTakeFirst();
  if (known !== undefined) return false;
  const position = await nextRevision(db, workspaceId);
  const id = newId(random);
  const name = options.token === undefined ? 'First token' : 'From the configuration';
  await db
    .insertInto('token')
    .values({
      id,
      workspace_id: workspaceId,
      position,
      name,
      hash,
      permission: 'admin',
      created_at: now,
    })
    .execute();
  await audit(db, workspaceId, position, 'Access Token Created', 'token', id, name, {
    now,
    random,
  });
  return true;
}

async function audit(
  db: Kysely<ControlTables>,
  workspaceId: string,
  position: number,
  type: string,
  resourceType: string,
  resourceId: string,
  resourceName: string,
  { now, random }: { readonly now: number; readonly random: RandomBytes },
): Promise<void> {
  await writeAudit(db, {
    id: newId(random),
    workspaceId,
    position,
    at: now,
    actor: 'system',
    operation: 'bootstrap',
    type,
    resourceType,
    resourceId,
    resourceName,
  });
}

async function oldestWriteKey(db: Kysely<ControlTables>, now: number): Promise<string | undefined> {
  const row = await db
    .selectFrom('write_key')
    .select('write_key')
    .where('mode', '=', 'live')
    .where((key) => key.or([key('expires_at', 'is', null), key('expires_at', '>', now)]))
    .orderBy('position')
    .executeTakeFirst();
  return row?.write_key;
}
