import assert from 'node:assert/strict';
import type { Kysely, Selectable } from 'kysely';
import { TributaryError } from '../../../core/errors.ts';
import type { StateStore } from '../../../core/state.ts';
import type { ControlTables } from '../../../core/tables/control-tables.ts';
import type { ReplayTable } from '../../../core/tables/destination-tables.ts';
import type { WorkTables } from '../../../core/tables/work-tables.ts';
import type { Static } from '../../schemas/type.ts';
import { isoTime } from '../frame/iso-time.ts';
import type { Replay } from '../models/replay.ts';

export type ReplayRow = Selectable<ReplayTable>;
type Work = StateStore<WorkTables> | undefined;

interface Progress {
  readonly delivered: number;
  readonly discarded: number;
  readonly filtered: number;
}

/** The row of a replay. Rejects with `not_found`. */
export async function findReplay(db: Kysely<ControlTables>, id: string): Promise<ReplayRow> {
  const row = await db.selectFrom('replay').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw new TributaryError('not_found', `Replay with id '${id}' not found.`);
  return row;
}

/** Replays as the API shows them, their progress read at once from what the worker keeps. */
export async function presentReplays(
  work: Work,
  rows: readonly ReplayRow[],
): Promise<Static<typeof Replay>[]> {
  const progress = await readProgress(
    work,
    rows.map((row) => row.id),
  );
  return rows.map((row) => ({
    id: row.id,
    destinationId: row.destination_id,
    from: isoTime(Number(row.from_time)),
    to: isoTime(Number(row.to_time)),
    status: row.ended_at === null ? 'RUNNING' : row.cancelled === 1 ? 'CANCELLED' : 'FINISHED',
    createdAt: isoTime(Number(row.created_at)),
    endedAt: row.ended_at === null ? null : isoTime(Number(row.ended_at)),
    ...(progress.get(row.id) ?? { delivered: 0, discarded: 0, filtered: 0 }),
  }));
}

export async function presentReplay(work: Work, row: ReplayRow): Promise<Static<typeof Replay>> {
  const [replay] = await presentReplays(work, [row]);
  assert(replay !== undefined, 'each row is shown');
  return replay;
}

async function readProgress(work: Work, ids: readonly string[]): Promise<Map<string, Progress>> {
  if (work === undefined || ids.length === 0) return new Map();
  const rows = await work.db
    .selectFrom('replay_progress')
    .select(({ fn }) => [
      'replay',
      fn.sum('delivered').as('delivered'),
      fn.sum('discarded').as('discarded'),
      fn.sum('filtered').as('filtered'),
    ])
    .where('replay', 'in', ids)
    .groupBy('replay')
    .execute();
  return new Map(
    rows.map((row) => [
      row.replay,
      {
        delivered: Number(row.delivered),
        discarded: Number(row.discarded),
        filtered: Number(row.filtered),
      },
    ]),
  );
}
