import type { ReadContext } from '../../context.ts';
import { type Static, Type } from '../../schemas/type.ts';
import { configTime } from '../frame/config-time.ts';
import { workspaceName } from '../frame/resource-name.ts';

export const Workspace = Type.Object({
  name: Type.String(),
  display_name: Type.String(),
  id: Type.String(),
  create_time: Type.String(),
});

/** The one workspace of this server. */
export async function readWorkspace({
  db,
  environment,
}: ReadContext): Promise<Static<typeof Workspace>> {
  const row = await db
    .selectFrom('workspace')
    .select(['id', 'name', 'created_at'])
    .where('id', '=', environment.workspace.id)
    .executeTakeFirstOrThrow();
  return {
    name: workspaceName(environment),
    display_name: row.name,
    id: row.id,
    create_time: configTime(row.created_at),
  };
}
