import type { Kysely } from 'kysely';
import type { ControlTables } from '../../core/tables/control-tables.ts';

/** Takes the next revision of the workspace. Called first in a writing transaction: it serialises them. */
export async function nextRevision(
  db: Kysely<ControlTables>,
  workspaceId: string,
): Promise<number> {
  const [revision] = await takePositions(db, workspaceId, 1);
  return revision ?? 0;
}

/** Takes positions for a write that makes several rows of one list: as many revisions, ascending. */
export async function takePositions(
  db: Kysely<ControlTables>,
  workspaceId: string,
  count: number,
): Promise<number[]> {
  await db
    .updateTable('workspace')
    .set((row) => ({ revision: row('revision', '+', count) }))
    .where('id', '=', workspaceId)
    .execute();
  const { revision } = await db
    .selectFrom('workspace')
    .select('revision')
    .where('id', '=', workspaceId)
    .executeTakeFirstOrThrow();
  return Array.from({ length: count }, (_, index) => Number(revision) - count + 1 + index);
}
