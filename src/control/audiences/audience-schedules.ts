import type { Kysely, Selectable } from 'kysely';
import { TributaryError } from '../../core/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { limits } from '../../core/limits.ts';
import type { ControlTables } from '../../core/tables/control-tables.ts';
import type { AudienceScheduleTable } from '../../core/tables/space-tables.ts';
import type { WriteContext } from '../context.ts';
import { newId } from '../ids.ts';
import { InputFailure } from '../input-failure.ts';
import { isTimezone } from '../is-timezone.ts';
import type { AudienceRow } from './find-audience.ts';

export type ScheduleRow = Selectable<AudienceScheduleTable>;

/** When an audience is to be computed. */
export interface NewSchedule {
  readonly strategy: 'PERIODIC' | 'SPECIFIC_DAYS';
  /** `{interval}`, or `{days, hours, timezone}`. */
  readonly config: JsonObject | null;
}

const intervals = ['15m', '30m', '1h', '2h', '4h', '6h', '8h', '12h', '1d'];

/** The schedules of audiences, by the id of the audience. */
export async function readSchedules(
  db: Kysely<ControlTables>,
  audiences: readonly AudienceRow[],
): Promise<Map<string, ScheduleRow[]>> {
  if (audiences.length === 0) return new Map();
  const ids = audiences.map(({ id }) => id);
  const query = db.selectFrom('audience_schedule').selectAll().where('audience_id', 'in', ids);
  const rows = await query.orderBy('position').execute();
  return Map.groupBy(rows, ({ audience_id }) => audience_id);
}

/** A schedule of an audience. Rejects with `not_found`. */
export async function findSchedule(
  db: Kysely<ControlTables>,
  audience: AudienceRow,
  id: string,
): Promise<ScheduleRow> {
  const query = db.selectFrom('audience_schedule').selectAll().where('id', '=', id);
  const row = await query.where('audience_id', '=', audience.id).executeTakeFirst();
  if (row !== undefined) return row;
  throw new TributaryError('not_found', `Audience schedule with id '${id}' not found.`);
}

/** Adds a schedule. Throws `input_validation` with the field, `conflict` where there are too many. */
export async function addSchedule(
  { db, environment, revision }: WriteContext,
  audience: AudienceRow,
  given: NewSchedule,
): Promise<ScheduleRow> {
  const config = scheduleConfig(given);
  const held = (await readSchedules(db, [audience])).get(audience.id) ?? [];
  if (held.length >= limits.schedulesPerAudience) {
    const text = `An audience has at most ${limits.schedulesPerAudience} schedules.`;
    throw new TributaryError('conflict', text);
  }
  const id = newId(environment.random);
  const row = { id, audience_id: audience.id, position: revision };
  await db
    .insertInto('audience_schedule')
    .values({ ...row, strategy: given.strategy, config })
    .execute();
  return findSchedule(db, audience, id);
}

/** Puts another plan in place of a schedule's. Throws `input_validation` with the field. */
export async function changeSchedule(
  { db }: WriteContext,
  audience: AudienceRow,
  { id }: ScheduleRow,
  given: NewSchedule,
): Promise<ScheduleRow> {
  const change = { strategy: given.strategy, config: scheduleConfig(given) };
  await db.updateTable('audience_schedule').set(change).where('id', '=', id).execute();
  return findSchedule(db, audience, id);
}

/** What the strategy reads of the settings. */
function scheduleConfig({ strategy, config }: NewSchedule): string {
  const given = config ?? {};
  const { interval, days, hours, timezone } = given;
  if (strategy === 'PERIODIC') {
    const isKnown = typeof interval === 'string' && intervals.includes(interval);
    if (!isKnown) refuse('interval', `must be one of [${intervals.join(', ')}]`);
    return JSON.stringify({ interval });
  }
  if (!isNumbers(days, 6)) refuse('days', 'must be a list of days, 0 to 6');
  if (!isNumbers(hours, 23)) refuse('hours', 'must be a list of hours, 0 to 23');
  if (typeof timezone !== 'string' || !isTimezone(timezone)) {
    refuse('timezone', 'must be the name of an IANA time zone');
  }
  return JSON.stringify({ days, hours, timezone });
}

function isNumbers(list: Json | undefined, most: number): boolean {
  if (!Array.isArray(list) || list.length === 0 || new Set(list).size < list.length) return false;
  return list.every(
    (entry) => Number.isInteger(entry) && Number(entry) >= 0 && Number(entry) <= most,
  );
}

function refuse(name: string, text: string): never {
  const field = `config.${name}`;
  throw new InputFailure([{ field, message: `"${field}" ${text}` }]);
}

/** As it is stored. */
export function configOf(row: ScheduleRow): JsonObject {
  const config: Json = JSON.parse(row.config);
  return isJsonObject(config) ? config : {};
}
