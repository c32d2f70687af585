import type { Grant } from '../../access/grant.ts';
import type { ReadContext, WriteContext } from '../../context.ts';
import { InputFailure } from '../../input-failure.ts';
import type { UserGroupRow } from '../../user-groups/find-user-group.ts';
import { setGroupGrants } from '../../user-groups/set-group-grants.ts';
import type { UserRow } from '../../users/find-user.ts';
import { setUserGrants } from '../../users/set-user-grants.ts';
import { workspaceName } from '../frame/resource-name.ts';

/** Who is given roles. */
export type Subject = { readonly name: string } & (
  | { readonly kind: 'user'; readonly row: UserRow }
  | { readonly kind: 'group'; readonly row: UserGroupRow }
);

/** The users and groups of the workspace, oldest first. */
export async function subjects({ db, environment }: ReadContext): Promise<readonly Subject[]> {
  const users = await db.selectFrom('iam_user').selectAll().orderBy('position').execute();
  const groups = await db.selectFrom('user_group').selectAll().orderBy('position').execute();
  const workspace = workspaceName(environment);
  return [
    ...users.map((row): Subject => ({ kind: 'user', row, name: `${workspace}/users/${row.id}` })),
    ...groups.map(
      (row): Subject => ({ kind: 'group', row, name: `${workspace}/groups/${row.id}` }),
    ),
  ];
}

/** Whom a body names: by the full name, the id or the address of a user. Throws `input_validation`. */
export async function subjectOf(
  context: ReadContext,
  field: string,
  given: string,
): Promise<Subject> {
  const last = given.slice(given.lastIndexOf('/') + 1).toLowerCase();
  const found = (await subjects(context)).find(
    (subject) =>
      given === subject.name ||
      given === subject.row.id ||
      (subject.kind === 'user' && subject.row.email === last),
  );
  if (found !== undefined) return found;
  const message = `"${field}" is neither a user nor a group`;
  throw new InputFailure([{ field, message }]);
}

/** Throws `input_validation` for grants, and `conflict` when nobody could give roles then. */
export async function setGrants(
  context: WriteContext,
  subject: Subject,
  grants: readonly Grant[],
): Promise<void> {
  if (subject.kind === 'user') await setUserGrants(context, subject.row, grants);
  else await setGroupGrants(context, subject.row, grants);
}
