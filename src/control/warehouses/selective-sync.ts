import type { Kysely, Selectable } from 'kysely';
import { TributaryError } from '../../core/errors.ts';
import { limits } from '../../core/limits.ts';
import type { ControlTables } from '../../core/tables/control-tables.ts';
import { takePositions } from '../configuration/next-revision.ts';
import type { WriteContext } from '../context.ts';
import { catchUp, offSince } from './catch-up.ts';

/** What a client says shall be loaded, or not: of a source, a collection of it, or a property of that. */
export interface GivenOverride {
  readonly sourceId: string;
  readonly collection?: string;
  readonly property?: string;
  readonly enabled: boolean;
}

type Row = Selectable<ControlTables['sync_override']>;

/** A collection of a source as selective sync has it; `enabled`: whether it is loaded. */
export interface SelectiveSyncItem {
  readonly collection: string;
  readonly enabled: boolean;
  readonly properties: Readonly<Record<string, { readonly enabled: boolean }>>;
}

/**
 * Keeps overrides; of several for the same the last counts. Those of a source that is not connected are left
 * out, each with a warning. Throws `input_validation` when the warehouse would have too many.
 */
export async function overrideSync(
  context: WriteContext,
  warehouseId: string,
  given: readonly GivenOverride[],
): Promise<{ readonly changed: boolean; readonly warnings: readonly string[] }> {
  const { db } = context;
  const connected = await connectedSources(db, warehouseId);
  const stored = new Map(
    (await overridesOf(db, warehouseId)).map((row) => [
      keyOf(row.source_id, row.collection, row.property),
      row.enabled === 1,
    ]),
  );
  const warnings = new Set<string>();
  const wanted = new Map<string, GivenOverride>();
  for (const override of given) {
    const { sourceId, collection = '', property = '' } = override;
    if (connected.has(sourceId)) wanted.set(keyOf(sourceId, collection, property), override);
    else warnings.add(`Source '${sourceId}' is not connected to the warehouse: left out.`);
  }
  const changed = [...wanted].filter(([key, { enabled }]) => (stored.get(key) ?? true) !== enabled);
  const added = changed.filter(([key]) => !stored.has(key));
  if (stored.size + added.length > limits.syncOverrides) {
    throw new TributaryError(
      'input_validation',
      `A warehouse takes at most ${limits.syncOverrides} overrides`,
      { field: 'syncOverrides' },
    );
  }
  const positions = await takePositions(db, context.environment.workspace.id, added.length);
  for (const [key, override] of changed) {
    if (stored.has(key)) await change(db, warehouseId, override);
    else await add(db, warehouseId, override, positions.shift() ?? 0);
    if (isOfSource(override)) await followSource(context, warehouseId, override);
  }
  return { changed: changed.length > 0, warnings: [...warnings] };
}

function isOfSource({ collection = '', property = '' }: GivenOverride): boolean {
  return collection === '' && property === '';
}

/** A source that was switched off is caught up when it is switched on again. */
async function followSource(
  context: WriteContext,
  warehouseId: string,
  { sourceId, enabled }: GivenOverride,
): Promise<void> {
  const pair = { warehouseId, sourceId };
  const own = () =>
    context.db
      .updateTable('sync_override')
      .where('warehouse_id', '=', warehouseId)
      .where('source_id', '=', sourceId)
      .where('collection', '=', '');
  if (!enabled) {
    await own()
      .set({ off_since: await offSince(context, pair) })
      .execute();
    return;
  }
  const rows = await overridesOf(context.db, warehouseId);
  const row = rows.find((one) => one.source_id === sourceId && one.collection === '');
  // One that an older version switched off says nothing of when.
  if (row?.off_since != null) await catchUp(context, pair, Number(row.off_since));
  await own().set({ off_since: null }).execute();
}

/** The collections of a source that selective sync was told of, in the order in which it was. */
export async function selectiveSyncItems(
  db: Kysely<ControlTables>,
  warehouseId: string,
  sourceId: string,
): Promise<SelectiveSyncItem[]> {
  const rows = (await overridesOf(db, warehouseId)).filter((row) => row.source_id === sourceId);
  const whole = rows.find(({ collection }) => collection === '')?.enabled !== 0;
  const collections = Map.groupBy(
    rows.filter(({ collection }) => collection !== ''),
    ({ collection }) => collection,
  );
  return [...collections].map(([collection, own]) => ({
    collection,
    enabled: whole && own.find(({ property }) => property === '')?.enabled !== 0,
    properties: Object.fromEntries(
      own
        .filter(({ property }) => property !== '')
        .map(({ property, enabled }) => [property, { enabled: enabled === 1 }]),
    ),
  }));
}

/** Sources and names hold no line break: no two keys are the same text. */
function keyOf(sourceId: string, collection: string, property: string): string {
  return `${sourceId}\n${collection}\n${property}`;
}

function overridesOf(db: Kysely<ControlTables>, warehouseId: string): Promise<Row[]> {
  return db
    .selectFrom('sync_override')
    .selectAll()
    .where('warehouse_id', '=', warehouseId)
    .orderBy('position')
    .execute();
}

async function connectedSources(
  db: Kysely<ControlTables>,
  warehouseId: string,
): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectFrom('warehouse_source')
    .select('source_id')
    .where('warehouse_id', '=', warehouseId)
    .execute();
  return new Set(rows.map((row) => row.source_id));
}

async function add(
  db: Kysely<ControlTables>,
  warehouseId: string,
  { sourceId, collection = '', property = '', enabled }: GivenOverride,
  position: number,
): Promise<void> {
  await db
    .insertInto('sync_override')
    .values({
      warehouse_id: warehouseId,
      source_id: sourceId,
      collection,
      property,
      enabled: enabled ? 1 : 0,
      position,
      off_since: null,
    })
    .execute();
}

async function change(
  db: Kysely<ControlTables>,
  warehouseId: string,
  { sourceId, collection = '', property = '', enabled }: GivenOverride,
): Promise<void> {
  await db
    .updateTable('sync_override')
    .set({ enabled: enabled ? 1 : 0 })
    .where('warehouse_id', '=', warehouseId)
    .where('source_id', '=', sourceId)
    .where('collection', '=', collection)
    .where('property', '=', property)
    .execute();
}
