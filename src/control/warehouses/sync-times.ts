import type { SyncTimes } from '../../core/next-sync.ts';
import type { ReadContext } from '../context.ts';

/** What the loads have written down of a warehouse; undefined before its first sync. */
export async function syncTimes(
  { environment }: Pick<ReadContext, 'environment'>,
  warehouseId: string,
): Promise<SyncTimes | undefined> {
  const row = await environment
    .work()
    ?.db.selectFrom('warehouse_clock')
    .selectAll()
    .where('warehouse', '=', warehouseId)
    .executeTakeFirst();
  return row && { lastStarted: Number(row.last_started), failures: Number(row.failures) };
}
