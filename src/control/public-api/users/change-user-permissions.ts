import { type Grant, parseGrants } from '../../access/grant.ts';
import type { WriteContext } from '../../context.ts';
import { findUser } from '../../users/find-user.ts';
import { setUserGrants } from '../../users/set-user-grants.ts';
import { presentUser } from './present-user.ts';

/** Sets what `next` makes of the grants of a user; the outcome of the operation. */
export async function changeUserPermissions(
  context: WriteContext,
  userId: string,
  next: (held: readonly Grant[]) => readonly Grant[],
) {
  const row = await findUser(context.db, userId);
  const grants = next(parseGrants(row.permissions));
  const { permissions } = presentUser(await setUserGrants(context, row, grants));
  return {
    data: { permissions },
    audited: {
      resourceId: row.id,
      resourceName: row.email,
      before: { permissions: presentUser(row).permissions },
    },
  };
}
