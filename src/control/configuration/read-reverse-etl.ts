import type { Kysely } from 'kysely';
import { isJsonObject, type Json } from '../../core/json.ts';
import type { ReverseEtlConfig, Snapshot } from '../../core/snapshot.ts';
import type { ControlTables } from '../../core/tables/control-tables.ts';
import { readSchedule } from './read-schedule.ts';

type Db = Kysely<ControlTables>;

/** The subscriptions that take the rows of a model; nothing where there are none. */
export async function readReverseEtl(db: Db): Promise<Pick<Snapshot, 'reverseEtl'>> {
  const rows = await db
    .selectFrom('destination_subscription as subscription')
    .innerJoin('reverse_etl_model as model', 'model.id', 'subscription.model_id')
    .innerJoin('source', 'source.id', 'model.source_id')
    .innerJoin('destination', 'destination.id', 'subscription.destination_id')
    .select([
      'subscription.id',
      'subscription.destination_id',
      'subscription.name',
      'subscription.action_slug',
      'subscription.trigger',
      'subscription.settings',
      'subscription.schedule',
      'subscription.enabled',
      'model.id as model_id',
      'model.source_id',
      'model.query',
      'model.identifier_column',
      'model.enabled as model_enabled',
      'destination.enabled as destination_enabled',
      'source.settings as source_settings',
    ])
    .orderBy('subscription.position')
    .execute();
  if (rows.length === 0) return {};
  const loaded = await firstWarehouses(db);
  const open = await openSyncs(db);
  return {
    reverseEtl: rows.map((row): ReverseEtlConfig => {
      const warehouseId = namedWarehouse(row.source_settings) ?? loaded.get(row.source_id);
      const schedule = readSchedule(row.schedule === null ? null : JSON.parse(row.schedule));
      const mapping: ReverseEtlConfig['subscription']['mapping'] = JSON.parse(row.settings);
      const { id, name, action_slug: action, trigger } = row;
      return {
        connectionId: row.destination_id,
        subscription: { id, name, action, trigger, mapping },
        enabled: row.enabled + row.model_enabled + row.destination_enabled === 3,
        model: {
          id: row.model_id,
          sourceId: row.source_id,
          query: row.query,
          identifierColumn: row.identifier_column,
        },
        ...(warehouseId !== undefined && { warehouseId }),
        ...(schedule !== undefined && { schedule }),
        open: open.get(id) ?? [],
      };
    }),
  };
}

/** The warehouse that was first connected to each source. */
async function firstWarehouses(db: Db): Promise<ReadonlyMap<string, string>> {
  const rows = await db
    .selectFrom('warehouse_source')
    .select(['source_id', 'warehouse_id'])
    .orderBy('position', 'desc')
    .execute();
  return new Map(rows.map(({ source_id, warehouse_id }) => [source_id, warehouse_id]));
}

async function openSyncs(db: Db): Promise<ReadonlyMap<string, string[]>> {
  const rows = await db
    .selectFrom('reverse_etl_sync')
    .select(['id', 'subscription_id'])
    .where('finished_at', 'is', null)
    .orderBy('position')
    .execute();
  const open = Map.groupBy(rows, (row) => row.subscription_id);
  return new Map([...open].map(([subscription, own]) => [subscription, own.map(({ id }) => id)]));
}

function namedWarehouse(settings: string): string | undefined {
  const parsed: Json = JSON.parse(settings);
  const named = isJsonObject(parsed) ? parsed['warehouseId'] : undefined;
  return typeof named === 'string' && named !== '' ? named : undefined;
}
