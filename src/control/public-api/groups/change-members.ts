import type { WriteContext } from '../../context.ts';
import { findUserGroup } from '../../user-groups/find-user-group.ts';
import { putInGroup, readMembers } from '../../user-groups/group-members.ts';
import { presentUserGroup } from './present-user-group.ts';

/** Puts people in a group, beside its members or in their place; the outcome of the operation. */
export async function changeMembers(
  context: WriteContext,
  userGroupId: string,
  emails: readonly string[],
  replaces: boolean,
) {
  const { db } = context;
  const row = await findUserGroup(db, userGroupId);
  const before = { emails: await readMembers(db, row) };
  await putInGroup(context, row, emails, replaces);
  return {
    data: { userGroup: await presentUserGroup(db, row) },
    audited: {
      resourceId: row.id,
      resourceName: row.name,
      before,
      after: { emails: await readMembers(db, row) },
    },
  };
}
