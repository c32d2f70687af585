import type { Kysely } from 'kysely';
import type { ControlTables } from '../../core/tables/control-tables.ts';
import { tokenHash } from '../../core/token-hash.ts';
import { checkGrants } from '../access/check-grants.ts';
import type { Grant } from '../access/grant.ts';
import type { Permission } from '../access/permission.ts';
import type { AnswerStyle } from '../access/principal.ts';
import type { WriteContext } from '../context.ts';
import { newId, newToken } from '../ids.ts';
import { InputFailure } from '../input-failure.ts';
import { findToken, type TokenRow } from './find-token.ts';

export interface NewToken {
  readonly name: string;
  readonly permission: Permission;
  /** Whose it is to be; nobody's when absent. */
  readonly userId?: string;
  /** Roles of its own, within `permission`. */
  readonly grants?: readonly Grant[];
  /** Milliseconds since the epoch; never when absent. */
  readonly expiresAt?: number;
  /** As the server is set when absent. */
  readonly answers?: AnswerStyle;
}

/**
 * Makes an access token; its secret is nowhere afterwards. Throws `input_validation` for a user or a role
 * that there is not.
 */
export async function makeToken(
  { db, environment, revision, now }: WriteContext,
  given: NewToken,
): Promise<{ readonly row: TokenRow; readonly secret: string }> {
  const { name, permission, userId, grants } = given;
  if (userId !== undefined) await refuseUnknownUser(db, userId);
  if (grants !== undefined) await checkGrants(db, grants);
  const secret = newToken(environment.random);
  const id = newId(environment.random);
  await db
    .insertInto('token')
    .values({
      id,
      workspace_id: environment.workspace.id,
      position: revision,
      name,
      hash: tokenHash(secret),
      permission,
      created_at: now,
      user_id: userId ?? null,
      permissions: grants === undefined ? null : JSON.stringify(grants),
      expires_at: given.expiresAt ?? null,
      answers: given.answers ?? null,
    })
    .execute();
  return { row: await findToken(db, id), secret };
}

async function refuseUnknownUser(db: Kysely<ControlTables>, id: string): Promise<void> {
  const query = db.selectFrom('iam_user').select('id').where('id', '=', id);
  if ((await query.executeTakeFirst()) !== undefined) return;
  throw new InputFailure([{ field: 'userId', message: '"userId" is not a user of the workspace' }]);
}
