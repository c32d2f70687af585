import type { WriteContext } from '../context.ts';
import { newId } from '../ids.ts';
import { findRegulation, type RegulationRow } from './find-regulation.ts';
import { findTargets } from './find-targets.ts';
import {
  deletes,
  deletesOutside,
  type RegulationType,
  type SubjectType,
  suppresses,
} from './regulation-types.ts';
import { suppress, unsuppress } from './set-suppressions.ts';

/** Rows written in one statement: the engines bound its parameters. */
const rowsAtOnce = 500;

export interface NewRegulation {
  readonly scope: 'WORKSPACE' | 'SOURCE' | 'CLOUD_SOURCE';
  readonly sourceId: string | null;
  readonly type: RegulationType;
  readonly subjectType: SubjectType;
  readonly subjectIds: readonly string[];
  readonly collection?: string;
}

/**
 * Takes a regulation down and does what can be done of it: suppression holds at once. What asks for deletion is
 * `INITIALIZED`, with the destinations and warehouses that it concerns, and followed from there (`deletion-watch.ts`, `src/deletions`); objects of cloud sources this server does not have, so what speaks of them is `NOT_SUPPORTED`.
 */
export async function makeRegulation(
  context: WriteContext,
  given: NewRegulation,
): Promise<RegulationRow> {
  const { db, environment, revision, now } = context;
  const { scope, sourceId, type, subjectType, subjectIds } = given;
  const isOfObjects = subjectType === 'OBJECT_ID';
  if (!isOfObjects) {
    const subjects = { sourceId, type: subjectType, ids: subjectIds };
    if (suppresses(type)) await suppress(context, subjects);
    if (type === 'UNSUPPRESS') await unsuppress(context, subjects);
  }
  const status = isOfObjects ? 'NOT_SUPPORTED' : deletes(type) ? 'INITIALIZED' : 'FINISHED';
  const id = newId(environment.random);
  await db
    .insertInto('regulation')
    .values({
      id,
      workspace_id: environment.workspace.id,
      position: revision,
      scope,
      source_id: sourceId,
      regulation_type: type,
      subject_type: subjectType,
      subject_ids: JSON.stringify(subjectIds),
      collection: given.collection ?? null,
      status,
      created_at: now,
      finished_at: status === 'INITIALIZED' ? null : now,
      has_targets: 1,
    })
    .execute();
  if (status === 'INITIALIZED' && deletesOutside(type)) {
    const targets = await findTargets(context, sourceId);
    const rows = targets.map((one, position) => ({ ...one, regulation_id: id, position }));
    for (let from = 0; from < rows.length; from += rowsAtOnce) {
      const some = rows.slice(from, from + rowsAtOnce);
      await db.insertInto('regulation_target').values(some).execute();
    }
  }
  return findRegulation(db, id);
}
