import { requireAnAdmin } from '../access/require-an-admin.ts';
import type { WriteContext } from '../context.ts';
import { findUser, type UserRow } from './find-user.ts';

/**
 * Deletes users, with their tokens and their places in groups. Throws `not_found` for one that is none,
 * and `conflict` when nobody would be left who may give roles.
 */
export async function deleteUsers(
  context: WriteContext,
  ids: readonly string[],
): Promise<readonly UserRow[]> {
  const { db } = context;
  const rows: UserRow[] = [];
  for (const id of new Set(ids)) {
    const row = await findUser(db, id);
    await db.deleteFrom('user_group_member').where('email', '=', row.email).execute();
    await db.deleteFrom('token').where('user_id', '=', id).execute();
    await db.deleteFrom('iam_user').where('id', '=', id).execute();
    rows.push(row);
  }
  await requireAnAdmin(context);
  return rows;
}
