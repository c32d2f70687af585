import type { ReadContext } from '../../context.ts';
import type { FunctionRow } from '../../functions/find-function.ts';
import { presentFunction } from '../../public-api/functions/present-function.ts';
import { UserFunction } from '../../public-api/models/function.ts';
import { type Static, Type } from '../../schemas/type.ts';

export const FunctionOutput = Type.Object({
  id: Type.String(),
  workspace_id: Type.String(),
  display_name: Type.String(),
  type: Type.String(),
  code: Type.String(),
  description: Type.String(),
  /** `DEPLOYED`, or `NOT_DEPLOYED` while none of its code is. */
  status: Type.String(),
  created_at: Type.String(),
  logo_url: Type.String(),
  settings: UserFunction.properties.settings,
  buildpack: Type.String(),
  /** True: what is deployed is the code that is shown. */
  is_latest: Type.Boolean(),
});

/** A function as this API shows it, with its latest code. */
export async function configFunction(
  context: ReadContext,
  row: FunctionRow,
): Promise<Static<typeof FunctionOutput>> {
  const shown = await presentFunction(context, row);
  return {
    id: shown.id,
    workspace_id: row.workspace_id,
    display_name: shown.displayName,
    type: shown.resourceType,
    code: shown.code,
    description: shown.description ?? '',
    status: shown.deployedAt === null ? 'NOT_DEPLOYED' : 'DEPLOYED',
    created_at: shown.createdAt,
    logo_url: shown.logoUrl ?? '',
    settings: shown.settings,
    buildpack: 'boreal',
    is_latest: shown.isLatestVersion,
  };
}
