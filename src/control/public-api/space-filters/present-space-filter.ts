import type { Environment } from '../../environment.ts';
import type { Static } from '../../schemas/type.ts';
import type { SpaceFilterRow } from '../../space-filters/find-space-filter.ts';
import { isoTime } from '../frame/iso-time.ts';
import type { SpaceFilter } from '../models/space-filter.ts';

/** Said with each change of one. */
export const spaceFilterNotice =
  'The filters of a space are kept; this server computes no profiles yet that they would act on.';

export function presentSpaceFilter(
  { workspace }: Pick<Environment, 'workspace'>,
  row: SpaceFilterRow,
): Static<typeof SpaceFilter> {
  return {
    id: row.id,
    workspaceId: workspace.id,
    integrationId: row.space_id,
    enabled: row.enabled === 1,
    name: row.name,
    ...(row.description !== null && { description: row.description }),
    if: row.condition,
    drop: row.drops === 1,
    createdAt: isoTime(Number(row.created_at)),
    updatedAt: isoTime(Number(row.updated_at)),
  };
}
