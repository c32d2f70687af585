import type { Kysely, Selectable } from 'kysely';
import { TributaryError } from '../../core/errors.ts';
import type { ControlTables, UserTable } from '../../core/tables/control-tables.ts';

export type UserRow = Selectable<UserTable>;

/** The row of a user. Rejects with `not_found`. */
export async function findUser(db: Kysely<ControlTables>, id: string): Promise<UserRow> {
  const row = await db.selectFrom('iam_user').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw new TributaryError('not_found', `User with id '${id}' not found.`);
  return row;
}
