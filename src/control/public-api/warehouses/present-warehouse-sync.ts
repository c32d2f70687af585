import type { Static } from '../../schemas/type.ts';
import type { SyncRequestEnd, SyncRequestRow } from '../../warehouses/sync-requests.ts';
import { isoTime } from '../frame/iso-time.ts';
import type { WarehouseSync } from '../models/warehouse-sync.ts';

/** `end`: what came of it; undefined while it waits or runs. */
export function presentWarehouseSync(
  row: SyncRequestRow,
  end: SyncRequestEnd | undefined,
): Static<typeof WarehouseSync> {
  const time = (at: number | null) => (at === null ? null : isoTime(Number(at)));
  return {
    id: row.id,
    warehouseId: row.warehouse_id,
    from: time(row.from_time),
    to: time(row.to_time),
    sourceId: row.source_id,
    collection: row.collection,
    status: end === undefined ? 'WAITING' : end.status === 'FAILURE' ? 'FAILURE' : 'SUCCESS',
    count: Number(end?.rows_loaded ?? 0),
    notices: end === undefined ? [] : JSON.parse(end.notices),
    createdAt: isoTime(Number(row.created_at)),
    endedAt: time(end?.ended_at ?? null),
  };
}
