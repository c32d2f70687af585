import { Type } from '../../schemas/type.ts';
import { nullable, nullableObject, oneOf } from '../frame/schema.ts';

/** As of subscriptions of reverse ETL; `DEFAULT` is what its kind has. */
const strategies = ['CRON', 'DEFAULT', 'MANUAL', 'PERIODIC', 'SPECIFIC_DAYS'] as const;

export const WarehouseScheduleInput = Type.Object({
  strategy: oneOf(strategies),
  config: Type.Optional(nullableObject),
});

/** When a warehouse is loaded. Ours: Segment has hours alone, `advanced-sync-schedule`. */
export const WarehouseSchedule = Type.Object({
  schedule: Type.Object({
    strategy: oneOf(strategies),
    /** PERIODIC, DEFAULT: `interval`; CRON: `spec`, `timezone`; SPECIFIC_DAYS: `days`, `hours`, `timezone`. */
    config: nullableObject,
  }),
  /** Null before the first sync. */
  lastSyncAt: nullable('string'),
  /** Null: only when somebody asks. In the past: it is due. */
  nextSyncAt: nullable('string'),
  /** Syncs that failed one after another, up to now: then the next is a new try. */
  failures: Type.Integer(),
});
