import type { Kysely, Selectable } from 'kysely';
import { TributaryError } from '../../core/errors.ts';
import { limits } from '../../core/limits.ts';
import type { StateStore } from '../../core/state.ts';
import type { ControlTables, SyncRequestTable } from '../../core/tables/control-tables.ts';
import type { WarehouseRequestEndTable } from '../../core/tables/warehouse-load-tables.ts';
import type { WorkTables } from '../../core/tables/work-tables.ts';
import type { WriteContext } from '../context.ts';
import { newId } from '../ids.ts';
import { InputFailure } from '../input-failure.ts';
import { requireConnection } from './connect-source.ts';

export type SyncRequestRow = Selectable<SyncRequestTable>;
export type SyncRequestEnd = Selectable<WarehouseRequestEndTable>;

/** Asked for by somebody: a sync at once, or the events of a range once more. */
export interface NewSyncRequest {
  readonly warehouseId: string;
  /** Milliseconds; without an end, up to when it runs. Absent: a sync of what is new. */
  readonly range?: { readonly from: number; readonly to?: number };
  readonly sourceId?: string;
  /** Of a back-fill of one source: a table of it, named as selective sync names it. */
  readonly collection?: string;
}

/**
 * Asks for a sync. Those that have ended make room: what came of them is in the `work` database. Throws `conflict` when
 * there are too many, `input_validation` and `not_found`.
 */
export async function requestSync(
  context: WriteContext,
  request: NewSyncRequest,
): Promise<SyncRequestRow> {
  const { db, environment } = context;
  const { warehouseId, range, sourceId } = request;
  if (sourceId !== undefined) await requireConnection(db, { warehouseId, sourceId });
  if (range?.to !== undefined && range.from >= range.to) {
    throw new InputFailure([{ field: 'to', message: '"to" must be later than "from"' }]);
  }
  const rows = await db
    .selectFrom('sync_request')
    .selectAll()
    .where('warehouse_id', '=', warehouseId)
    .execute();
  const ends = await syncRequestEnds(
    environment.work(),
    rows.map(({ id }) => id),
  );
  const open = rows.filter(({ id }) => !ends.has(id));
  if (open.length >= limits.warehouseBackfills) {
    throw new TributaryError(
      'conflict',
      `${limits.warehouseBackfills} syncs of this warehouse are waiting already.`,
    );
  }
  const ended = rows.filter(({ id }) => ends.has(id)).map(({ id }) => id);
  if (ended.length > 0) await db.deleteFrom('sync_request').where('id', 'in', ended).execute();
  return keepSyncRequest(context, request);
}

/** Keeps a request whatever waits already. */
export async function keepSyncRequest(
  { db, environment, revision, now }: WriteContext,
  { warehouseId, range, sourceId, collection }: NewSyncRequest,
): Promise<SyncRequestRow> {
  const id = newId(environment.random);
  await db
    .insertInto('sync_request')
    .values({
      id,
      warehouse_id: warehouseId,
      position: revision,
      from_time: range?.from ?? null,
      to_time: range?.to ?? null,
      source_id: sourceId ?? null,
      collection: collection ?? null,
      created_at: now,
    })
    .execute();
  return findSyncRequest(db, warehouseId, id);
}

/** Throws `not_found`, also when it ended and others have been asked for since. */
export async function findSyncRequest(
  db: Kysely<ControlTables>,
  warehouseId: string,
  id: string,
): Promise<SyncRequestRow> {
  const row = await db
    .selectFrom('sync_request')
    .selectAll()
    .where('id', '=', id)
    .where('warehouse_id', '=', warehouseId)
    .executeTakeFirst();
  if (row === undefined) throw new TributaryError('not_found', `Sync with id '${id}' not found.`);
  return row;
}

/** What came of these requests, of those that have ended. */
export async function syncRequestEnds(
  work: StateStore<WorkTables> | undefined,
  ids: readonly string[],
): Promise<ReadonlyMap<string, SyncRequestEnd>> {
  if (work === undefined || ids.length === 0) return new Map();
  const rows = await work.db
    .selectFrom('warehouse_request_end')
    .selectAll()
    .where('request', 'in', ids)
    .execute();
  return new Map(rows.map((row) => [row.request, row]));
}
