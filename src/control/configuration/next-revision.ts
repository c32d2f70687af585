import type { Kysely } from 'kysely';
import type { ControlTables } from '../../core/tables/control-tables.ts';

/** Takes the next revision of the workspace. Called first in a writing transaction: it serialises them. */
export async function nextRevision(
  db: Kysely<ControlTables>,
  workspaceId: string,
): Promise<number> {
  await db
    .updateTable('workspace')
    .set((row) => ({ revision: row('revision', '+', 1) }))
    .where('id', '=', workspaceId)
    .execute();
  const { revision } = await db
    .selectFrom('workspace')
    .select('revision')
    .where('id', '=', workspaceId)
    .executeTakeFirstOrThrow();
  return Number(revision);
}
