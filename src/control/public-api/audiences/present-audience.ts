import assert from 'node:assert/strict';
import type { Kysely } from 'kysely';
import type { ControlTables } from '../../../core/tables/control-tables.ts';
import { configOf, readSchedules, type ScheduleRow } from '../../audiences/audience-schedules.ts';
import type { AudienceRow } from '../../audiences/find-audience.ts';
import type { Static } from '../../schemas/type.ts';
import { isoTime } from '../frame/iso-time.ts';
import type { Audience, AudienceInFull, AudienceSchedule } from '../models/audience.ts';

/** An audience as it is answered when it is made or changed. */
export function presentAudience(row: AudienceRow): Static<typeof Audience> {
  return {
    id: row.id,
    spaceId: row.space_id,
    name: row.name,
    ...(row.description !== null && { description: row.description }),
    key: row.key,
    enabled: row.enabled === 1,
    definition: {
      query: row.query,
      ...(row.target_entity !== null && { targetEntity: row.target_entity }),
    },
    status: row.enabled === 1 ? 'NOT_COMPUTED' : 'DISABLED',
    createdBy: row.created_by,
    updatedBy: row.updated_by,
    createdAt: isoTime(Number(row.created_at)),
    updatedAt: isoTime(Number(row.updated_at)),
    audienceType: typeOf(row),
    options: { filterByExternalIds: [], ...JSON.parse(row.options) },
  };
}

/** Audiences as they are read, with their schedules where they are asked for. */
export async function presentAudiences(
  db: Kysely<ControlTables>,
  rows: readonly AudienceRow[],
  withSchedules: boolean,
): Promise<Static<typeof AudienceInFull>[]> {
  const schedules = await readSchedules(db, rows);
  return rows.map((row) => {
    const own = schedules.get(row.id) ?? [];
    const isBatch = row.type === 'LINKED' || own.length > 0;
    return {
      ...presentAudience(row),
      computeCadence: { type: isBatch ? 'BATCH' : 'REALTIME' },
      ...(withSchedules && { schedules: own.map(presentSchedule) }),
    };
  });
}

export function presentSchedule(row: ScheduleRow): Static<typeof AudienceSchedule> {
  const { id, strategy } = row;
  assert(strategy === 'PERIODIC' || strategy === 'SPECIFIC_DAYS', 'only these are stored');
  return { id, strategy, config: configOf(row) };
}

function typeOf({ type }: AudienceRow): 'ACCOUNTS' | 'LINKED' | 'USERS' {
  assert(type === 'ACCOUNTS' || type === 'LINKED' || type === 'USERS', 'only these are stored');
  return type;
}
