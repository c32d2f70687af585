import { type Grant, parseGrants } from '../../access/grant.ts';
import type { WriteContext } from '../../context.ts';
import { findUserGroup } from '../../user-groups/find-user-group.ts';
import { setGroupGrants } from '../../user-groups/set-group-grants.ts';
import { presentUserGroup } from './present-user-group.ts';

/** Sets what `next` makes of the grants of a group; the outcome of the operation. */
export async function changeGroupPermissions(
  context: WriteContext,
  userGroupId: string,
  next: (held: readonly Grant[]) => readonly Grant[],
) {
  const { db } = context;
  const row = await findUserGroup(db, userGroupId);
  const before = await presentUserGroup(db, row);
  const changed = await setGroupGrants(context, row, next(parseGrants(row.permissions)));
  const { permissions } = await presentUserGroup(db, changed);
  return {
    data: { permissions },
    audited: {
      resourceId: row.id,
      resourceName: row.name,
      before: { permissions: before.permissions },
    },
  };
}
