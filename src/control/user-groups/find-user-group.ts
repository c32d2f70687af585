import type { Kysely, Selectable } from 'kysely';
import { TributaryError } from '../../core/errors.ts';
import type { ControlTables, UserGroupTable } from '../../core/tables/control-tables.ts';

export type UserGroupRow = Selectable<UserGroupTable>;

/** The row of a group of users. Rejects with `not_found`. */
export async function findUserGroup(db: Kysely<ControlTables>, id: string): Promise<UserGroupRow> {
  const row = await db.selectFrom('user_group').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) {
    throw new TributaryError('not_found', `User group with id '${id}' not found.`);
  }
  return row;
}
