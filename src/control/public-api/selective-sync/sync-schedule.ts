import type { SyncSchedule } from '../../../core/snapshot.ts';
import { type Static, Type } from '../../schemas/type.ts';

const Time = Type.Object({
  hourOfDay: Type.Integer({ minimum: 0, maximum: 23 }),
  enabled: Type.Boolean(),
});

export const SyncScheduleInput = Type.Object({
  enabled: Type.Boolean(),
  schedule: Type.Optional(
    Type.Object({
      times: Type.Array(Time, { maxItems: 24 }),
      timezone: Type.String({ minLength: 1, maxLength: 100 }),
    }),
  ),
});

export const SyncScheduleOutput = Type.Object({
  enabled: Type.Boolean(),
  schedule: Type.Optional(Type.Object({ times: Type.Array(Time), timezone: Type.String() })),
});

/** A plan is none of hours: `sync-schedule` shows it. */
export function presentSyncSchedule(
  set: SyncSchedule | undefined,
): Static<typeof SyncScheduleOutput> {
  if (set === undefined || set.plan !== undefined) return { enabled: false };
  const times = set.times.map(({ hourOfDay, enabled }) => ({ hourOfDay, enabled }));
  return { enabled: set.enabled, schedule: { times, timezone: set.timezone } };
}
