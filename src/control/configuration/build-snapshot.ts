import type { Kysely } from 'kysely';
import type { JsonObject } from '../../core/json.ts';
import type {
  ConnectionConfig,
  ReplayConfig,
  Snapshot,
  SourceConfig,
} from '../../core/snapshot.ts';
import type { ControlTables } from '../../core/tables/control-tables.ts';
import type { Catalog } from '../catalog/catalog.ts';

type Db = Kysely<ControlTables>;

/**
 * The configuration as the data plane sees it, read in the transaction that made it. A destination
 * whose kind this server no longer knows is left out: there is no code to run it.
 */
export async function buildSnapshot(db: Db, catalog: Catalog): Promise<Snapshot> {
  const workspace = await db.selectFrom('workspace').selectAll().executeTakeFirstOrThrow();
  return {
    version: Number(workspace.revision),
    workspace: { id: workspace.id, slug: workspace.slug, name: workspace.name },
    sources: await readSources(db),
    connections: await readConnections(db, catalog),
    replays: await readReplays(db),
  };
}

async function readSources(db: Db): Promise<SourceConfig[]> {
  const keys = new Map<string, string[]>();
  for (const row of await db.selectFrom('write_key').selectAll().orderBy('position').execute()) {
    const list = keys.get(row.source_id);
    if (list === undefined) keys.set(row.source_id, [row.write_key]);
    else list.push(row.write_key);
  }
  const rows = await db.selectFrom('source').selectAll().orderBy('position').execute();
  return rows.map((row) => ({
    id: row.id,
    slug: row.slug,
    name: row.name,
    enabled: row.enabled === 1,
    writeKeys: keys.get(row.id) ?? [],
    limits: JSON.parse(row.limits),
  }));
}

async function readConnections(db: Db, catalog: Catalog): Promise<ConnectionConfig[]> {
  const rows = await db.selectFrom('destination').selectAll().orderBy('position').execute();
  return rows.flatMap((row) => {
    const definition = catalog.destination(row.metadata_id);
    if (definition === undefined) return [];
    const settings: JsonObject = JSON.parse(row.settings);
    return [
      {
        id: row.id,
        sourceId: row.source_id,
        slug: definition.slug,
        integration: definition.name,
        enabled: row.enabled === 1,
        since: Number(row.since),
        settings: catalog.withDefaults(definition, settings),
      },
    ];
  });
}

async function readReplays(db: Db): Promise<ReplayConfig[]> {
  const rows = await db
    .selectFrom('replay')
    .select(['id', 'destination_id', 'from_time', 'to_time'])
    .where('ended_at', 'is', null)
    .orderBy('position')
    .execute();
  return rows.map((row) => ({
    id: row.id,
    connectionId: row.destination_id,
    from: Number(row.from_time),
    to: Number(row.to_time),
  }));
}
