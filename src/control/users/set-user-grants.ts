import { checkGrants } from '../access/check-grants.ts';
import type { Grant } from '../access/grant.ts';
import { requireAnAdmin } from '../access/require-an-admin.ts';
import type { WriteContext } from '../context.ts';
import { findUser, type UserRow } from './find-user.ts';

/** Sets what a user may do. Throws `input_validation` for grants, `conflict` as `requireAnAdmin` does. */
export async function setUserGrants(
  context: WriteContext,
  { id }: UserRow,
  grants: readonly Grant[],
): Promise<UserRow> {
  const { db } = context;
  await checkGrants(db, grants);
  const permissions = JSON.stringify(grants);
  await db.updateTable('iam_user').set({ permissions }).where('id', '=', id).execute();
  await requireAnAdmin(context);
  return findUser(db, id);
}
