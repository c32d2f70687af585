import type { Kysely } from 'kysely';
import { TributaryError } from '../../core/errors.ts';
import type { ControlTables } from '../../core/tables/control-tables.ts';
import { takePositions } from '../configuration/next-revision.ts';
import type { WriteContext } from '../context.ts';

/** Rows of one statement: engines bound its parameters. */
const rowsAtOnce = 500;

interface Pair {
  readonly warehouseId: string;
  readonly sourceId: string;
}

/** Loads a source into a warehouse from now on; one that is connected stays so. */
export async function connectSource(
  { db, revision, now }: WriteContext,
  pair: Pair,
): Promise<void> {
  if (await isConnected(db, pair)) return;
  const { warehouseId, sourceId } = pair;
  await db
    .insertInto('warehouse_source')
    .values({
      warehouse_id: warehouseId,
      source_id: sourceId,
      position: revision,
      created_at: now,
    })
    .execute();
}

/** Ends it; what was loaded stays in the warehouse. Throws `not_found` when they are not connected. */
export async function disconnectSource(
  { db }: WriteContext,
  { warehouseId, sourceId }: Pair,
): Promise<void> {
  await requireConnection(db, { warehouseId, sourceId });
  for (const table of ['warehouse_source', 'sync_override'] as const) {
    await db
      .deleteFrom(table)
      .where('warehouse_id', '=', warehouseId)
      .where('source_id', '=', sourceId)
      .execute();
  }
}

/** A new source goes to all warehouses (spec tracking-api §14.4). */
export async function connectToAllWarehouses(
  context: WriteContext,
  sourceId: string,
): Promise<void> {
  const rows = await context.db.selectFrom('warehouse').select('id').orderBy('position').execute();
  await connectPairs(
    context,
    rows.map((row) => ({ warehouseId: row.id, sourceId })),
  );
}

/** A new warehouse takes all sources. */
export async function connectAllSources(context: WriteContext, warehouseId: string): Promise<void> {
  const rows = await context.db.selectFrom('source').select('id').orderBy('position').execute();
  await connectPairs(
    context,
    rows.map((row) => ({ warehouseId, sourceId: row.id })),
  );
}

/** Throws `not_found` when the source is not loaded into the warehouse. */
export async function requireConnection(db: Kysely<ControlTables>, pair: Pair): Promise<void> {
  if (await isConnected(db, pair)) return;
  const text = `Source with id '${pair.sourceId}' is not connected to the warehouse.`;
  throw new TributaryError('not_found', text);
}

async function isConnected(
  db: Kysely<ControlTables>,
  { warehouseId, sourceId }: Pair,
): Promise<boolean> {
  const row = await db
    .selectFrom('warehouse_source')
    .select('source_id')
    .where('warehouse_id', '=', warehouseId)
    .where('source_id', '=', sourceId)
    .executeTakeFirst();
  return row !== undefined;
}

async function connectPairs(
  { db, environment, now }: WriteContext,
  pairs: readonly Pair[],
): Promise<void> {
  if (pairs.length === 0) return;
  const positions = await takePositions(db, environment.workspace.id, pairs.length);
  const rows = pairs.map(({ warehouseId, sourceId }, index) => ({
    warehouse_id: warehouseId,
    source_id: sourceId,
    position: positions[index] ?? 0,
    created_at: now,
  }));
  for (let start = 0; start < rows.length; start += rowsAtOnce) {
    const some = rows.slice(start, start + rowsAtOnce);
    await db.insertInto('warehouse_source').values(some).execute();
  }
}
