import { intervalText } from '../../../core/interval.ts';
import { nextSyncAt, planOf } from '../../../core/next-sync.ts';
import type { SyncPlan } from '../../../core/snapshot.ts';
import type { ReadContext } from '../../context.ts';
import type { Static } from '../../schemas/type.ts';
import { type WarehouseRow, warehouseKindOf } from '../../warehouses/find-warehouse.ts';
import { syncSchedule } from '../../warehouses/sync-schedule.ts';
import { syncTimes } from '../../warehouses/sync-times.ts';
import { openedWarehouseSettings } from '../../warehouses/warehouse-settings.ts';
import { isoTime } from '../frame/iso-time.ts';
import type { WarehouseSchedule } from '../models/warehouse-schedule.ts';

/** Until a kind says otherwise. */
const otherwiseMs = 60 * 60_000;

/** When a warehouse is loaded, and when next, as the API shows it. */
export async function presentWarehouseSchedule(
  context: Pick<ReadContext, 'environment'>,
  row: WarehouseRow,
): Promise<Static<typeof WarehouseSchedule>> {
  const { environment } = context;
  const kind = warehouseKindOf(environment.catalog, row);
  const settings = openedWarehouseSettings(environment, kind, row);
  const everyMs = environment.syncEveryMs?.({ slug: kind.slug, settings }) ?? otherwiseMs;
  const schedule = syncSchedule(row);
  const times = await syncTimes(context, row.id);
  const next = row.enabled === 1 ? nextSyncAt(schedule, everyMs, times) : undefined;
  return {
    schedule: presentPlan(planOf(schedule), everyMs),
    lastSyncAt: times === undefined ? null : isoTime(times.lastStarted),
    nextSyncAt: next === undefined ? null : isoTime(next || environment.clock.now()),
    failures: times?.failures ?? 0,
  };
}

function presentPlan(
  plan: SyncPlan | undefined,
  everyMs: number,
): Static<typeof WarehouseSchedule>['schedule'] {
  if (plan === undefined)
    return { strategy: 'DEFAULT', config: { interval: intervalText(everyMs) } };
  const { strategy } = plan;
  switch (strategy) {
    case 'MANUAL':
      return { strategy, config: null };
    case 'PERIODIC':
      return { strategy, config: { interval: intervalText(plan.everyMs) } };
    case 'CRON':
      return { strategy, config: { spec: plan.spec, timezone: plan.timezone } };
    default: {
      const { days, hours, timezone } = plan;
      return { strategy, config: { days: [...days], hours: [...hours], timezone } };
    }
  }
}
