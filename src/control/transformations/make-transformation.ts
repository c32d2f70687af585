import type { TransformationWork } from '../../core/transformations/transformation-config.ts';
import type { WriteContext } from '../context.ts';
import { newId } from '../ids.ts';
import { findSource } from '../sources/find-source.ts';
import { checkTransformation } from './check-transformation.ts';
import { findTransformation, type TransformationRow } from './find-transformation.ts';
import { sealedWork } from './hash-key.ts';
import { refuseSecond } from './refuse-second.ts';
import { scopeOf } from './scope-of.ts';

export interface NewTransformation {
  readonly name: string;
  readonly sourceId: string;
  /** A kind of destination: all of it at the source. Absent: the source itself. */
  readonly destinationMetadataId?: string;
  readonly enabled?: boolean;
  /** FQL, or `all`. */
  readonly if: string;
  readonly work: TransformationWork;
}

/** Makes a transformation. Throws `not_found` and `input_validation`, with the fields. */
export async function makeTransformation(
  { db, environment, revision, now }: WriteContext,
  given: NewTransformation,
): Promise<TransformationRow> {
  const { catalog, random, secrets, workspace } = environment;
  const source = await findSource(db, given.sourceId);
  const metadataId = scopeOf(catalog, given.destinationMetadataId);
  const { text: matches } = checkTransformation(given.if, given.work);
  await refuseSecond(db, { sourceId: source.id, metadataId, matches });
  const id = newId(random);
  await db
    .insertInto('transformation')
    .values({
      id,
      workspace_id: workspace.id,
      position: revision,
      source_id: source.id,
      destination_metadata_id: metadataId,
      name: given.name,
      enabled: given.enabled === false ? 0 : 1,
      condition: given.if,
      matches,
      work: JSON.stringify(sealedWork(secrets, id, given.work)),
      created_at: now,
      updated_at: now,
    })
    .execute();
  return findTransformation(db, id);
}
