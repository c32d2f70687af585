import { parseCron } from '../../../core/cron.ts';
import { parseInterval } from '../../../core/interval.ts';
import type { JsonObject } from '../../../core/json.ts';
import { InputFailure, type InputProblem } from '../../input-failure.ts';
import { isTimezone } from '../../is-timezone.ts';
import { type Static, Type } from '../../schemas/type.ts';
import { nullableObject, oneOf } from '../frame/schema.ts';

/** When a subscription of reverse ETL runs, or a warehouse is loaded, by strategy (spec public-api §6, Subscriptions). */
const scheduleConfigs = {
  PERIODIC: Type.Object({ interval: Type.String({ minLength: 1 }) }),
  SPECIFIC_DAYS: Type.Object({
    days: Type.Array(Type.Integer({ minimum: 0, maximum: 6 })),
    hours: Type.Array(Type.Integer({ minimum: 0, maximum: 23 })),
    timezone: Type.String({ minLength: 1 }),
  }),
  CRON: Type.Object({
    spec: Type.String({ minLength: 1 }),
    timezone: Type.String({ minLength: 1 }),
  }),
  DBT_CLOUD: Type.Object({ jobId: Type.String(), accountId: Type.String() }),
} as const;

const scheduleStrategies = ['CRON', 'DBT_CLOUD', 'MANUAL', 'PERIODIC', 'SPECIFIC_DAYS'] as const;

export const ReverseEtlSchedule = Type.Object({
  strategy: oneOf(scheduleStrategies),
  config: Type.Optional(
    Type.Union([
      scheduleConfigs.PERIODIC,
      scheduleConfigs.SPECIFIC_DAYS,
      scheduleConfigs.CRON,
      scheduleConfigs.DBT_CLOUD,
      Type.Null(),
    ]),
  ),
});

export const ScheduleInput = Type.Object({
  strategy: oneOf(scheduleStrategies),
  config: Type.Optional(nullableObject),
});

/** The schedule with the keys of its strategy alone: some clients refuse any other. Throws `input_validation`; `at` is its field. */
export async function checkedSchedule(
  at: string,
  { strategy, config = null }: Static<typeof ScheduleInput>,
): Promise<Static<typeof ReverseEtlSchedule>> {
  if (strategy === 'MANUAL') return { strategy, config: null };
  const { Value } = await import('typebox/value');
  const declared = scheduleConfigs[strategy];
  const kept =
    config &&
    Object.fromEntries(Object.entries(config).filter(([key]) => key in declared.properties));
  const schedule = { strategy, config: kept };
  const field = `${at}.config`;
  if (kept !== null && Value.Check(declared, kept)) {
    const problems = problemsOf(field, kept);
    if (problems.length > 0) throw new InputFailure(problems);
    if (Value.Check(ReverseEtlSchedule, schedule)) return schedule;
  }
  throw new InputFailure([{ field, message: `"${field}" does not fit the strategy ${strategy}` }]);
}

/** What no type says: each with its field and the reason. */
function problemsOf(at: string, { interval, spec, timezone }: JsonObject): InputProblem[] {
  const found: InputProblem[] = [];
  const complain = (name: string, reason: string) =>
    found.push({ field: `${at}.${name}`, message: `"${at}.${name}" ${reason}` });
  if (typeof interval === 'string' && parseInterval(interval) === undefined)
    complain('interval', `is "${interval}": give 1m or more, as 15m, 6h, 1d or 1w`);
  if (typeof spec === 'string' && parseCron(spec) === undefined)
    complain('spec', `is "${spec}", which is no cron expression of five fields`);
  if (typeof timezone === 'string' && !isTimezone(timezone))
    complain(
      'timezone',
      `is "${timezone}", an unknown time zone: give one as Europe/Berlin or UTC`,
    );
  return found;
}
