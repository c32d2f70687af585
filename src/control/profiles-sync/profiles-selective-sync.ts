import type { Kysely } from 'kysely';
import type { ControlTables } from '../../core/tables/control-tables.ts';
import type { WriteContext } from '../context.ts';
import { InputFailure, type InputProblem } from '../input-failure.ts';
import type { ProfilesWarehouseRow } from './find-profiles-warehouse.ts';

/** What is loaded of profiles; with tables for events, each event is one more. */
const collections = [
  'id_graph_updates',
  'external_id_mapping_updates',
  'profile_traits_updates',
  'user_traits',
  'user_identifiers',
  'profile_merges',
  'identify',
  'page',
  'screen',
  'group',
  'track',
];

/** What of a collection is loaded. */
export interface CollectionSync {
  readonly collection: string;
  readonly enabled: boolean;
  /** Those that something was said of. */
  readonly properties: ReadonlyMap<string, boolean>;
}

export interface ProfilesSyncChange {
  readonly overrides: readonly {
    readonly collection: string;
    readonly enabled: boolean;
    /** Absent: the collection as a whole. */
    readonly property?: string;
  }[];
  readonly eventTables?: boolean;
}

/** All collections: the known ones, and those that something was said of. Everything is loaded unless it was. */
export async function readProfilesSync(
  db: Kysely<ControlTables>,
  { id }: ProfilesWarehouseRow,
): Promise<CollectionSync[]> {
  const rows = await db
    .selectFrom('profiles_sync_override')
    .selectAll()
    .where('warehouse_id', '=', id)
    .orderBy('collection')
    .orderBy('property')
    .execute();
  const said = Map.groupBy(rows, ({ collection }) => collection);
  const names = new Set([...collections, ...said.keys()]);
  return [...names].map((collection) => {
    const own = said.get(collection) ?? [];
    return {
      collection,
      enabled: own.find(({ property }) => property === '')?.enabled !== 0,
      properties: new Map(
        own.flatMap(({ property, enabled }) =>
          property === '' ? [] : [[property, enabled === 1]],
        ),
      ),
    };
  });
}

/** Says what is loaded; what is not mentioned stays. False when that was so already. Throws `input_validation`. */
export async function changeProfilesSync(
  { db }: WriteContext,
  row: ProfilesWarehouseRow,
  { overrides, eventTables = row.event_tables === 1 }: ProfilesSyncChange,
): Promise<boolean> {
  if (!eventTables) refuseUnknown(overrides);
  let changed = eventTables !== (row.event_tables === 1);
  const event_tables = eventTables ? 1 : 0;
  await db
    .updateTable('profiles_warehouse')
    .set({ event_tables })
    .where('id', '=', row.id)
    .execute();
  const held = new Map((await readProfilesSync(db, row)).map((sync) => [sync.collection, sync]));
  for (const { collection, property = '', enabled } of overrides) {
    const sync = held.get(collection);
    const was = property === '' ? sync?.enabled : sync?.properties.get(property);
    changed ||= (was ?? true) !== enabled;
    await db
      .insertInto('profiles_sync_override')
      .values({ warehouse_id: row.id, collection, property, enabled: enabled ? 1 : 0 })
      .onConflict((conflict) =>
        conflict
          .columns(['warehouse_id', 'collection', 'property'])
          .doUpdateSet({ enabled: enabled ? 1 : 0 }),
      )
      .execute();
  }
  return changed;
}

function refuseUnknown(overrides: ProfilesSyncChange['overrides']): void {
  const problems: InputProblem[] = overrides.flatMap(({ collection }, index) => {
    const field = `syncOverrides.${index}.collection`;
    const message = `"${field}" must be one of [${collections.join(', ')}]`;
    return collections.includes(collection) ? [] : [{ field, message }];
  });
  if (problems.length > 0) throw new InputFailure(problems);
}
