import type { TransformationWork } from '../../core/transformations/transformation-config.ts';
import type { WriteContext } from '../context.ts';
import { findSource } from '../sources/find-source.ts';
import { checkTransformation } from './check-transformation.ts';
import { findTransformation, type TransformationRow } from './find-transformation.ts';
import { sealedWork } from './hash-key.ts';
import { refuseSecond } from './refuse-second.ts';
import { scopeOf } from './scope-of.ts';

export interface TransformationChange {
  readonly name?: string;
  readonly sourceId?: string;
  /** '': the source itself. */
  readonly destinationMetadataId?: string;
  readonly enabled?: boolean;
  readonly if?: string;
  /** Each key that is there replaces the stored one. */
  readonly work: TransformationWork;
}

/** Changes a transformation; what is absent stays. Throws `not_found` and `input_validation`, with the fields. */
export async function changeTransformation(
  { db, environment, now }: WriteContext,
  row: TransformationRow,
  change: TransformationChange,
): Promise<TransformationRow> {
  const { catalog, secrets } = environment;
  const source = await findSource(db, change.sourceId ?? row.source_id);
  const metadataId =
    change.destinationMetadataId === undefined
      ? row.destination_metadata_id
      : scopeOf(catalog, change.destinationMetadataId);
  const condition = change.if ?? row.condition;
  const stored: TransformationWork = JSON.parse(row.work);
  const work = { ...stored, ...change.work };
  const { text: matches } = checkTransformation(condition, work);
  await refuseSecond(db, { sourceId: source.id, metadataId, matches }, row.id);
  await db
    .updateTable('transformation')
    .set({
      source_id: source.id,
      destination_metadata_id: metadataId,
      name: change.name ?? row.name,
      enabled: (change.enabled ?? row.enabled === 1) ? 1 : 0,
      condition,
      matches,
      work: JSON.stringify(sealedWork(secrets, row.id, work, stored)),
      updated_at: now,
    })
    .where('id', '=', row.id)
    .execute();
  return findTransformation(db, row.id);
}
