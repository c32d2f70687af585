import { checkGrants } from '../access/check-grants.ts';
import type { Grant } from '../access/grant.ts';
import { requireAnAdmin } from '../access/require-an-admin.ts';
import type { WriteContext } from '../context.ts';
import { findUserGroup, type UserGroupRow } from './find-user-group.ts';

/** Sets what the members of a group may do. Throws as `setUserGrants` does. */
export async function setGroupGrants(
  context: WriteContext,
  { id }: UserGroupRow,
  grants: readonly Grant[],
): Promise<UserGroupRow> {
  const { db } = context;
  await checkGrants(db, grants);
  const permissions = JSON.stringify(grants);
  await db.updateTable('user_group').set({ permissions }).where('id', '=', id).execute();
  await requireAnAdmin(context);
  return findUserGroup(db, id);
}
