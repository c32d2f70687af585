import { nextMoment } from '../../core/next-sync.ts';
import type { SyncPlan, SyncSchedule } from '../../core/snapshot.ts';
import type { WriteContext } from '../context.ts';
import { InputFailure, type InputProblem } from '../input-failure.ts';
import { isTimezone } from '../is-timezone.ts';
import type { WarehouseRow } from './find-warehouse.ts';

/** The schedule that was set; undefined: none, the default of the kind holds. */
export function syncSchedule(row: WarehouseRow): SyncSchedule | undefined {
  return row.schedule === null ? undefined : JSON.parse(row.schedule);
}

/** Puts hours in place of what there is. Throws `input_validation` with the field. */
export async function replaceSyncHours(
  context: WriteContext,
  row: WarehouseRow,
  enabled: boolean,
  given: Pick<SyncSchedule, 'times' | 'timezone'> | undefined,
): Promise<SyncSchedule | undefined> {
  const problems = given === undefined ? missing(enabled) : scheduleProblems(given);
  if (problems.length > 0) throw new InputFailure(problems);
  const schedule = given && { enabled, times: given.times, timezone: given.timezone };
  return await keep(context, row, schedule);
}

/**
 * Puts a plan in place of what there is; undefined: the default of the kind. An older version, which knows no plans, loads
 * by the default. Throws `input_validation` when the plan names no moment.
 */
export async function replaceSyncPlan(
  context: WriteContext,
  row: WarehouseRow,
  plan: SyncPlan | undefined,
): Promise<SyncSchedule | undefined> {
  const isNever =
    plan !== undefined &&
    plan.strategy !== 'MANUAL' &&
    plan.strategy !== 'PERIODIC' &&
    nextMoment(plan, context.now) === undefined;
  if (isNever) {
    const field = 'schedule.config';
    throw new InputFailure([{ field, message: `"${field}" names no moment that ever comes` }]);
  }
  return keep(context, row, plan && { enabled: false, times: [], timezone: 'UTC', plan });
}

async function keep(
  { db, now }: WriteContext,
  row: WarehouseRow,
  schedule: SyncSchedule | undefined,
): Promise<SyncSchedule | undefined> {
  await db
    .updateTable('warehouse')
    .set({ schedule: schedule === undefined ? null : JSON.stringify({ ...schedule, setAt: now }) })
    .where('id', '=', row.id)
    .execute();
  return schedule;
}

function missing(enabled: boolean): InputProblem[] {
  return enabled ? [{ field: 'schedule', message: '"schedule" is required to enable it' }] : [];
}

function scheduleProblems({
  times,
  timezone,
}: Pick<SyncSchedule, 'times' | 'timezone'>): InputProblem[] {
  const hours = times.map(({ hourOfDay }) => hourOfDay);
  return [
    ...hours.flatMap((hour, index) => {
      if (hours.indexOf(hour) === index) return [];
      const field = `schedule.times.${index}.hourOfDay`;
      return [{ field, message: `"${field}" is there twice` }];
    }),
    ...(isTimezone(timezone)
      ? []
      : [
          {
            field: 'schedule.timezone',
            message: '"schedule.timezone" must be the name of an IANA time zone',
          },
        ]),
  ];
}
