import type { Selectable } from 'kysely';
import { TributaryError } from '../../../core/errors.ts';
import type { InviteTable } from '../../../core/tables/control-tables.ts';
import { parseGrants } from '../../access/grant.ts';
import type { ReadContext } from '../../context.ts';
import { type Static, Type } from '../../schemas/type.ts';
import { configTime } from '../frame/config-time.ts';
import { workspaceName } from '../frame/resource-name.ts';
import { grantedName, roleName } from './iam-names.ts';

export type InviteRow = Selectable<InviteTable>;

/** Without a time at which it expires: invites hold until they are taken back. */
export const InviteOutput = Type.Object({
  name: Type.String(),
  email: Type.String(),
  create_time: Type.String(),
  policies: Type.Array(Type.Object({ role: Type.String(), resource: Type.String() })),
});

/** The invite that a path names, by its id or its address. Rejects with `not_found`. */
export async function findInvite(
  { db }: Pick<ReadContext, 'db'>,
  given: string,
): Promise<InviteRow> {
  const row = await db
    .selectFrom('invite')
    .selectAll()
    .where((invite) =>
      invite.or([invite('id', '=', given), invite('email', '=', given.toLowerCase())]),
    )
    .executeTakeFirst();
  if (row !== undefined) return row;
  throw new TributaryError('not_found', `Invite '${given}' not found.`);
}

export async function configInvite(
  context: ReadContext,
  { id, email, permissions, created_at }: InviteRow,
): Promise<Static<typeof InviteOutput>> {
  const { environment } = context;
  const policies = parseGrants(permissions).flatMap(({ roleId, resources }) =>
    resources.map(async (resource) => ({
      role: roleName(environment, roleId),
      resource: await grantedName(context, resource),
    })),
  );
  return {
    name: `${workspaceName(environment)}/invites/${id}`,
    email,
    create_time: configTime(created_at),
    policies: await Promise.all(policies),
  };
}
