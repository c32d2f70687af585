import assert from 'node:assert/strict';
import type { Kysely } from 'kysely';
import { TributaryError } from '../../core/errors.ts';
import type { ControlTables } from '../../core/tables/control-tables.ts';
import { type Grant, parseGrants } from './grant.ts';
import { isPermission } from './permission.ts';
import { isAnswerStyle, type Principal } from './principal.ts';

/** The token in an `Authorization: Bearer` header. Throws `authentication_error`. */
export function bearerToken(header: string | undefined): string {
  const token = /^bearer +(\S+) *$/i.exec(header ?? '')?.[1];
  if (token === undefined) {
    throw new TributaryError('authentication_error', 'An access token is required');
  }
  return token;
}

/**
 * Whom an access token names, by its hash; undefined when it is none of ours. Looked up on each request,
 * so that a revoked token stops at once, and with it what its user and the user's groups may do. Rejects
 * with `authentication_error` when it has expired.
 */
export async function authenticate(
  db: Kysely<ControlTables>,
  hash: string,
  now: number,
): Promise<Principal | undefined> {
  const row = await db
    .selectFrom('token')
    .select(['id', 'permission', 'permissions', 'user_id', 'answers', 'expires_at'])
    .where('hash', '=', hash)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  if (row.expires_at !== null && Number(row.expires_at) <= now) {
    throw new TributaryError('authentication_error', 'The access token has expired');
  }
  assert(isPermission(row.permission), 'only known permissions are stored');
  const user = row.user_id === null ? undefined : await readUser(db, row.user_id);
  return {
    tokenId: row.id,
    permission: row.permission,
    grants: row.permissions === null ? user?.grants : parseGrants(row.permissions),
    actor: `public-api-token/${row.id.slice(0, 8)}`,
    email: user?.email ?? null,
    answers: isAnswerStyle(row.answers) ? row.answers : undefined,
  };
}

/** A user's own permissions and those of the groups it is in, together (spec public-api §6). */
async function readUser(
  db: Kysely<ControlTables>,
  id: string,
): Promise<{ readonly email: string; readonly grants: readonly Grant[] }> {
  const user = await db
    .selectFrom('iam_user')
    .select(['email', 'permissions'])
    .where('id', '=', id)
    .executeTakeFirst();
  // A user that is gone has no rights left; its tokens go with it.
  if (user === undefined) return { email: '', grants: [] };
  const groups = await db
    .selectFrom('user_group')
    .innerJoin('user_group_member', 'user_group_member.group_id', 'user_group.id')
    .select('user_group.permissions')
    .where('user_group_member.email', '=', user.email)
    .execute();
  return {
    email: user.email,
    grants: [user, ...groups].flatMap(({ permissions }) => parseGrants(permissions)),
  };
}
