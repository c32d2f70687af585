import type { WriteContext } from '../context.ts';
import { newId } from '../ids.ts';
import { findRegulation, type RegulationRow } from './find-regulation.ts';
import { deletes, type RegulationType, type SubjectType, suppresses } from './regulation-types.ts';
import { suppress, unsuppress } from './set-suppressions.ts';

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
 * `INITIALIZED`, and followed from there (`deletion-watch.ts`); objects of cloud sources this server does not have, so what speaks of them is `NOT_SUPPORTED`.
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
    })
    .execute();
  return findRegulation(db, id);
}
