import type { Kysely, Selectable } from 'kysely';
import type {
  Snapshot,
  SyncOverride,
  SyncRequest,
  SyncSchedule,
  WarehouseConfig,
} from '../../core/snapshot.ts';
import type { ControlTables, SyncRequestTable } from '../../core/tables/control-tables.ts';
import type { Catalog } from '../catalog/catalog.ts';

/** The warehouses of the snapshot; nothing where there are none. Those of unknown kinds are left out. */
export async function readWarehouses(
  db: Kysely<ControlTables>,
  catalog: Catalog,
): Promise<Pick<Snapshot, 'warehouses'>> {
  const rows = await db.selectFrom('warehouse').selectAll().orderBy('position').execute();
  if (rows.length === 0) return {};
  const connected = await db
    .selectFrom('warehouse_source')
    .selectAll()
    .orderBy('position')
    .execute();
  const sources = Map.groupBy(connected, (row) => row.warehouse_id);
  const told = await readOverrides(db);
  const asked = await readRequests(db);
  return {
    warehouses: rows.flatMap((row): WarehouseConfig[] => {
      const kind = catalog.warehouse(row.metadata_id);
      if (kind === undefined) return [];
      const schedule: SyncSchedule | null = row.schedule === null ? null : JSON.parse(row.schedule);
      return [
        {
          id: row.id,
          slug: kind.slug,
          enabled: row.enabled === 1,
          settings: catalog.withDefaults(kind, JSON.parse(row.settings)),
          sources: (sources.get(row.id) ?? []).map(({ source_id, created_at }) => {
            const overrides = told.get(`${row.id} ${source_id}`);
            return {
              sourceId: source_id,
              since: Number(created_at),
              ...(overrides !== undefined && { overrides }),
            };
          }),
          ...(schedule !== null && { schedule }),
          ...(asked.has(row.id) && { requests: asked.get(row.id) ?? [] }),
        },
      ];
    }),
  };
}

async function readOverrides(
  db: Kysely<ControlTables>,
): Promise<ReadonlyMap<string, readonly SyncOverride[]>> {
  const rows = await db.selectFrom('sync_override').selectAll().orderBy('position').execute();
  const byPair = new Map<string, SyncOverride[]>();
  for (const { warehouse_id, source_id, collection, property, enabled } of rows) {
    const pair = `${warehouse_id} ${source_id}`;
    const override: SyncOverride = {
      ...(collection !== '' && { collection }),
      ...(property !== '' && { property }),
      enabled: enabled === 1,
    };
    const known = byPair.get(pair);
    if (known === undefined) byPair.set(pair, [override]);
    else known.push(override);
  }
  return byPair;
}

async function readRequests(
  db: Kysely<ControlTables>,
): Promise<ReadonlyMap<string, readonly SyncRequest[]>> {
  const rows = await db.selectFrom('sync_request').selectAll().orderBy('position').execute();
  const byWarehouse = Map.groupBy(rows, (row) => row.warehouse_id);
  const requests = [...byWarehouse].map(
    ([warehouse, own]) => [warehouse, own.map(requestOf)] as const,
  );
  return new Map(requests);
}

function requestOf({
  id,
  from_time,
  to_time,
  source_id,
  collection,
}: Selectable<SyncRequestTable>): SyncRequest {
  return {
    id,
    ...(from_time !== null && { from: Number(from_time) }),
    ...(to_time !== null && { to: Number(to_time) }),
    ...(source_id !== null && { sourceId: source_id }),
    ...(collection !== null && { collection }),
  };
}
