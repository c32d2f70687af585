import assert from 'node:assert/strict';
import type { Kysely } from 'kysely';
import { TributaryError } from '../../core/errors.ts';
import type { ControlTables } from '../../core/tables/control-tables.ts';
import { tokenHash } from '../../core/token-hash.ts';
import { isPermission } from './permission.ts';
import type { Principal } from './principal.ts';

/**
 * Who the `Authorization: Bearer` header names. Looked up on each request, so that a revoked token
 * stops at once. Rejects with `authentication_error`.
 */
export async function authenticate(
  db: Kysely<ControlTables>,
  header: string | undefined,
): Promise<Principal> {
  const token = /^bearer +(\S+) *$/i.exec(header ?? '')?.[1];
  if (token === undefined) {
    throw new TributaryError('authentication_error', 'An access token is required');
  }
  const row = await db
    .selectFrom('token')
    .select(['id', 'permission'])
    .where('hash', '=', tokenHash(token))
    .executeTakeFirst();
  if (row === undefined) {
    throw new TributaryError('authentication_error', 'The access token is not valid');
  }
  assert(isPermission(row.permission), 'only known permissions are stored');
  return {
    tokenId: row.id,
    permission: row.permission,
    actor: `public-api-token/${row.id.slice(0, 8)}`,
  };
}
