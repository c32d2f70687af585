import type { ReadContext } from '../../context.ts';
import { shownName } from '../../functions/display-name.ts';
import type { FunctionRow } from '../../functions/find-function.ts';
import { functionTypes } from '../../functions/function-type.ts';
import { deployedVersion, latestVersion } from '../../functions/versions/find-version.ts';
import { catalogIdOf } from '../../functions/workspace-kinds.ts';
import type { Static } from '../../schemas/type.ts';
import { isoTime } from '../frame/iso-time.ts';
import type { FunctionItem, UserFunction } from '../models/function.ts';

export function presentFunctionItem(
  { environment }: Pick<ReadContext, 'environment'>,
  row: FunctionRow,
): Static<typeof FunctionItem> {
  return {
    id: row.id,
    resourceType: functionTypes.find((type) => type === row.resource_type) ?? 'SOURCE',
    createdAt: isoTime(row.created_at),
    createdBy: row.created_by,
    displayName: shownName(environment, row.resource_type, row.display_name),
    ...(row.description !== null && { description: row.description }),
    ...(row.logo_url !== null && { logoUrl: row.logo_url }),
    ...(isEntry(row) && { catalogId: catalogIdOf(row.id) }),
  };
}

/** A function with its latest code. */
export async function presentFunction(
  context: Pick<ReadContext, 'environment' | 'db'>,
  row: FunctionRow,
): Promise<Static<typeof UserFunction>> {
  const latest = await latestVersion(context.db, row.id);
  const deployed = await deployedVersion(context.db, row.id);
  const deployedAt = deployed?.deployed_at ?? null;
  return {
    ...presentFunctionItem(context, row),
    code: latest.code,
    deployedAt: deployedAt === null ? null : isoTime(deployedAt),
    settings: JSON.parse(row.settings),
    isLatestVersion: deployed?.id === latest.id,
  };
}

/** Insert functions are no entries of the catalogue: they have instances. */
function isEntry({ resource_type: type }: FunctionRow): boolean {
  return type === 'SOURCE' || type === 'DESTINATION';
}
