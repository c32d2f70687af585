import type { Kysely } from 'kysely';
import { parseCron } from '../../core/cron.ts';
import { parseInterval } from '../../core/interval.ts';
import { isJsonObject, type Json } from '../../core/json.ts';
import type { ReverseEtlConfig, ReverseEtlSchedule, Snapshot } from '../../core/snapshot.ts';
import type { ControlTables } from '../../core/tables/control-tables.ts';

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
      const schedule = readSchedule(row.schedule);
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

/** As the API takes it (public-api/models/subscription.ts). A schedule that was stored before it was checked, and says nothing, is none. */
function readSchedule(text: string | null): ReverseEtlSchedule | undefined {
  const schedule: Json = text === null ? null : JSON.parse(text);
  const config = isJsonObject(schedule) ? schedule['config'] : undefined;
  if (!isJsonObject(schedule) || !isJsonObject(config)) return undefined;
  const { strategy } = schedule;
  const timezone = textOf(config['timezone']);
  switch (strategy) {
    case 'PERIODIC': {
      const everyMs = parseInterval(textOf(config['interval']));
      return everyMs === undefined ? undefined : { strategy, everyMs };
    }
    case 'SPECIFIC_DAYS': {
      const [days, hours] = [numbersOf(config['days']), numbersOf(config['hours'])];
      if (days.length === 0 || hours.length === 0) return undefined;
      return { strategy, days, hours, timezone };
    }
    case 'CRON': {
      const spec = textOf(config['spec']);
      return parseCron(spec) === undefined ? undefined : { strategy, spec, timezone };
    }
    default:
      return undefined;
  }
}

const textOf = (value: Json | undefined) => (typeof value === 'string' ? value : '');
const numbersOf = (value: Json | undefined) =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'number') : [];
