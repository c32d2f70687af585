import type { Selectable } from 'kysely';
import type { ReverseEtlRunTable } from '../../core/tables/work-tables.ts';

/** The two phases of a sync as the API shows them, from what the worker has counted: texts of JSON for the table. */
export function runPhases(run: Selectable<ReverseEtlRunTable>): {
  readonly extract_phase: string;
  readonly load_phase: string;
} {
  const time = (at: number | null) => (at === null ? '' : new Date(Number(at)).toISOString());
  const errorCode = run.error_code ?? '';
  const times = { startedAt: time(run.started_at), finishedAt: time(run.finished_at) };
  const isRead = run.extracted_at !== null;
  return {
    extract_phase: JSON.stringify({
      addedCount: String(run.added),
      updatedCount: String(run.updated),
      deletedCount: String(run.deleted),
      extractCount: String(run.extracted),
      errorCode: isRead ? '' : errorCode,
      startedAt: times.startedAt,
      finishedAt: isRead ? time(run.extracted_at) : times.finishedAt,
    }),
    load_phase: JSON.stringify({
      deliverSuccessCount: String(run.delivered),
      deliverFailureCount: String(run.failed),
      errorCode: isRead ? errorCode : '',
      ...times,
    }),
  };
}
