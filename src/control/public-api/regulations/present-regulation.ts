import assert from 'node:assert/strict';
import type { ReadContext } from '../../context.ts';
import type { RegulationRow } from '../../privacy/find-regulation.ts';
import { isRegulationStatus, isRegulationType } from '../../privacy/regulation-types.ts';
import { targetStates } from '../../privacy/target-states.ts';
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

/** A regulation with its destinations and warehouses, by source, and how far each is. */
export async function presentRegulation(
  { environment }: ReadContext,
  row: RegulationRow,
): Promise<Static<typeof Regulation>> {
  const bySource = Map.groupBy(await targetStates(environment, row), ({ sourceId }) => sourceId);
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    overallStatus: statusOf(row),
    ...finishedAt(row),
    createdAt: isoTime(Number(row.created_at)),
    streamStatus: [...bySource].map(([id, ofSource]) => ({
      id,
      destinationStatus: ofSource.map((target) => ({
        name: target.name,
        id: target.id,
        status: target.status,
        errString: target.message,
        finishedAt: target.finishedAt === undefined ? '' : isoTime(target.finishedAt),
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
