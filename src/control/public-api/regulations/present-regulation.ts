import assert from 'node:assert/strict';
import type { ReadContext } from '../../context.ts';
import { type Concerned, concernedDestinations } from '../../privacy/concerned-destinations.ts';
import type { RegulationRow } from '../../privacy/find-regulation.ts';
import { isRegulationStatus, isRegulationType } from '../../privacy/regulation-types.ts';
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

/** A regulation with the destinations that are told of it, and how far that is. */
export async function presentRegulation(
  { db, environment }: ReadContext,
  row: RegulationRow,
): Promise<Static<typeof Regulation>> {
  const concerned = await concernedDestinations(db, row);
  const bySource = Map.groupBy(concerned, ({ destination }) => destination.source_id);
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    overallStatus: statusOf(row),
    ...finishedAt(row),
    createdAt: isoTime(Number(row.created_at)),
    streamStatus: [...bySource].map(([id, ofSource]) => ({
      id,
      destinationStatus: ofSource.map((one) => {
        const { id, name, metadata_id } = one.destination;
        const shown = name ?? environment.catalog.destination(metadata_id)?.name ?? id;
        return { name: shown, id, ...toldOf(row, one) };
      }),
    })),
  };
}

function toldOf({ finished_at }: RegulationRow, { told }: Concerned) {
  if (told === undefined) {
    // One from before destinations were told.
    const status = finished_at === null ? ('INITIALIZED' as const) : ('NOT_SUPPORTED' as const);
    return { status, errString: finished_at === null ? '' : notTold, finishedAt: '' };
  }
  const { state, message, updated_at } = told;
  const finishedAt = state === 'FINISHED' ? isoTime(Number(updated_at)) : '';
  const errString = state === 'NOT_SUPPORTED' ? notTold : state === 'FINISHED' ? '' : message;
  return { status: state, errString, finishedAt };
}

const notTold = 'The destination takes no deletions, or this server does not pass them on to it.';

function statusOf({ status }: RegulationRow) {
  assert(isRegulationStatus(status), 'only known statuses are stored');
  return status;
}

function finishedAt({ finished_at }: RegulationRow) {
  return finished_at === null ? {} : { finishedAt: isoTime(Number(finished_at)) };
}
