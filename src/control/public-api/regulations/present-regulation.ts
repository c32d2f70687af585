import assert from 'node:assert/strict';
import type { ReadContext } from '../../context.ts';
import type { RegulationRow } from '../../privacy/find-regulation.ts';
import {
  deletesAtDestinations,
  isRegulationStatus,
  isRegulationType,
} from '../../privacy/regulation-types.ts';
import type { Static } from '../../schemas/type.ts';
import { isoTime } from '../frame/iso-time.ts';
import type { Regulation, RegulationEntry } from '../models/regulation.ts';

export function presentEntry(row: RegulationRow): Static<typeof RegulationEntry> {
  assert(isRegulationType(row.regulation_type), 'only known types are stored');
  return {
    id: row.id,
    subjectType: row.subject_type,
    subjects: JSON.parse(row.subject_ids),
    status: statusOf(row),
    createdAt: isoTime(Number(row.created_at)),
    regulationType: row.regulation_type,
    ...finishedAt(row),
  };
}

/** A regulation with its destinations: none of them is told of deletions, and each says so. */
export async function presentRegulation(
  { db, environment }: ReadContext,
  row: RegulationRow,
): Promise<Static<typeof Regulation>> {
  const isOfUsers = row.status !== 'NOT_SUPPORTED';
  const concerned = isOfUsers && deletesAtDestinations(row.regulation_type);
  let query = db.selectFrom('destination').select(['id', 'source_id', 'name', 'metadata_id']);
  if (row.source_id !== null) query = query.where('source_id', '=', row.source_id);
  const destinations = concerned ? await query.orderBy('position').execute() : [];
  const bySource = Map.groupBy(destinations, ({ source_id }) => source_id);
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    overallStatus: statusOf(row),
    ...finishedAt(row),
    createdAt: isoTime(Number(row.created_at)),
    streamStatus: [...bySource].map(([id, ofSource]) => ({
      id,
      destinationStatus: ofSource.map(({ id, name, metadata_id }) => ({
        name: name ?? environment.catalog.destination(metadata_id)?.name ?? id,
        id,
        status: 'NOT_SUPPORTED' as const,
        errString: 'This server does not pass deletions on to destinations.',
        finishedAt: '',
      })),
    })),
  };
}

function statusOf({ status }: RegulationRow) {
  assert(isRegulationStatus(status), 'only known statuses are stored');
  return status;
}

function finishedAt({ finished_at }: RegulationRow) {
  return finished_at === null ? {} : { finishedAt: isoTime(Number(finished_at)) };
}
