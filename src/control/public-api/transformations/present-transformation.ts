import type { Environment } from '../../environment.ts';
import type { Static } from '../../schemas/type.ts';
import type { TransformationRow } from '../../transformations/find-transformation.ts';
import { shownWork } from '../../transformations/hash-key.ts';
import type { Transformation } from '../models/transformation.ts';

export function presentTransformation(
  { secrets }: Pick<Environment, 'secrets'>,
  row: TransformationRow,
): Static<typeof Transformation> {
  return {
    id: row.id,
    name: row.name,
    sourceId: row.source_id,
    ...(row.destination_metadata_id !== '' && {
      destinationMetadataId: row.destination_metadata_id,
    }),
    enabled: row.enabled === 1,
    if: row.condition,
    ...JSON.parse(JSON.stringify(shownWork(secrets, row.id, JSON.parse(row.work)))),
  };
}
