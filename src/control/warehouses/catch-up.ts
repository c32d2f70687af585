import type { WriteContext } from '../context.ts';
import { keepSyncRequest, syncRequestEnds } from './sync-requests.ts';
import { syncTimes } from './sync-times.ts';

interface Pair {
  readonly warehouseId: string;
  readonly sourceId: string;
}

/** Merged by id, what is loaded once more changes nothing: it makes up for what process had not come to yet. */
const overlapMs = 10 * 60_000;

/**
 * The moment from which on a source that is switched off now may not be in the warehouse, ms: that of the last sync that
 * succeeded, else of its connection.
 */
export async function offSince(
  context: WriteContext,
  { warehouseId, sourceId }: Pair,
): Promise<number> {
  const connection = await context.db
    .selectFrom('warehouse_source')
    .select('created_at')
    .where('warehouse_id', '=', warehouseId)
    .where('source_id', '=', sourceId)
    .executeTakeFirst();
  const connectedAt = Number(connection?.created_at ?? context.now);
  const times = await syncTimes(context, warehouseId);
  const synced =
    times?.failures === 0 ? times.lastStarted : await lastSuccess(context, warehouseId);
  return synced === undefined ? connectedAt : Math.max(connectedAt, synced - overlapMs);
}

async function lastSuccess(
  { environment }: WriteContext,
  warehouseId: string,
): Promise<number | undefined> {
  const row = await environment
    .work()
    ?.db.selectFrom('warehouse_sync')
    .select('started_at')
    .where('warehouse_id', '=', warehouseId)
    .where('status', '=', 'SUCCESS')
    .orderBy('position', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && Number(row.started_at);
}

/**
 * A source that is switched on again is loaded from the last sync on that it was part of (spec tracking-api §14.4): asks
 * for a back-fill of it, in place of one that waits still. It takes no place among those that people ask for.
 */
export async function catchUp(
  context: WriteContext,
  { warehouseId, sourceId }: Pair,
  from: number,
): Promise<void> {
  const { db, environment } = context;
  const waiting = await db
    .selectFrom('sync_request')
    .selectAll()
    .where('warehouse_id', '=', warehouseId)
    .where('source_id', '=', sourceId)
    .where('from_time', 'is not', null)
    .where('to_time', 'is', null)
    .where('collection', 'is', null)
    .execute();
  const ids = waiting.map(({ id }) => id);
  const ends = await syncRequestEnds(environment.work(), ids);
  const open = waiting.filter(({ id }) => !ends.has(id)).map((row) => Number(row.from_time));
  if (ids.length > 0) await db.deleteFrom('sync_request').where('id', 'in', ids).execute();
  const range = { from: Math.min(from, ...open) };
  await keepSyncRequest(context, { warehouseId, sourceId, range });
}
