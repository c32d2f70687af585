import { type Static, Type } from '../../schemas/type.ts';
import type { SyncRow } from '../../warehouses/sync-reports.ts';
import { humanDuration } from '../frame/human-duration.ts';
import { isoTime } from '../frame/iso-time.ts';
import { PaginationOutput } from '../frame/pagination.ts';
import { nullable } from '../frame/schema.ts';

const Sync = Type.Object({
  sourceId: Type.String(),
  start: Type.String(),
  end: nullable('string'),
  status: Type.String(),
  /** Seconds. */
  duration: Type.Number(),
  humanDuration: Type.String(),
  /** Rows. */
  count: Type.Number(),
  notices: Type.Array(
    Type.Object({ level: Type.String(), message: Type.String(), createdAt: Type.String() }),
  ),
});

export const SyncsOutput = Type.Object({
  reports: Type.Array(Sync),
  pagination: PaginationOutput,
});

/** A sync as the API shows it; `now` ends one that still runs. */
export function presentSync(row: SyncRow, now: number): Static<typeof Sync> {
  const started = Number(row.started_at);
  const ended = row.ended_at === null ? null : Number(row.ended_at);
  const milliseconds = Math.max(0, (ended ?? now) - started);
  return {
    sourceId: row.source_id,
    start: isoTime(started),
    end: ended === null ? null : isoTime(ended),
    status: row.status,
    duration: milliseconds / 1_000,
    humanDuration: humanDuration(milliseconds),
    count: Number(row.rows_loaded),
    notices: JSON.parse(row.notices),
  };
}
