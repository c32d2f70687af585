import type { Kysely } from 'kysely';
import { type AccessToken, verifyAccessToken } from '../../../core/access-token.ts';
import { TributaryError } from '../../../core/errors.ts';
import { limits } from '../../../core/limits.ts';
import type { ControlTables } from '../../../core/tables/control-tables.ts';
import { Type } from '../../schemas/type.ts';
import { writeOperation } from '../frame/operation.ts';
import { StatusOutput, success } from '../frame/schema.ts';
import { findOAuthSecret } from './oauth-secret.ts';
import { findOAuthApp } from './read-oauth-app.ts';

export const revokeOAuthToken = writeOperation({
  operationId: 'revokeOAuthToken',
  method: 'POST',
  path: '/oauth/revoke-token',
  tag: 'Tributary',
  summary: 'Revokes one access token of an OAuth app at once',
  permission: 'write',
  on: 'source',
  audit: { type: 'OAuth Token Revoked', resourceType: 'oauth_app' },
  body: Type.Object({ token: Type.String({ minLength: 1, maxLength: 4_096 }) }),
  response: StatusOutput,
  handle: async ({ db, environment, revision, now }, { body }) => {
    const token = readToken(body.token, await findOAuthSecret(db, environment.secrets));
    const app = await findOAuthApp(db, token.app);
    await forgetExpired(db, now);
    await db
      .insertInto('oauth_revoked_token')
      .values({
        id: token.id,
        app_id: app.id,
        position: revision,
        expires_at: token.expiresAt * 1000,
      })
      .onConflict((row) => row.column('id').doNothing())
      .execute();
    return { data: success, audited: { resourceId: app.id, resourceName: app.name } };
  },
});

function readToken(text: string, secret: string | undefined): AccessToken {
  const token = secret === undefined ? undefined : verifyAccessToken(text, secret);
  if (token === undefined) {
    throw new TributaryError('not_found', 'This is no access token of an OAuth app here.');
  }
  return token;
}

/** Makes room; rejects with `conflict` when there is none, since each of them travels with the snapshot. */
async function forgetExpired(db: Kysely<ControlTables>, now: number): Promise<void> {
  await db.deleteFrom('oauth_revoked_token').where('expires_at', '<=', now).execute();
  const { count } = await db
    .selectFrom('oauth_revoked_token')
    .select(({ fn }) => fn.countAll().as('count'))
    .executeTakeFirstOrThrow();
  if (Number(count) < limits.revokedTokens) return;
  const message = 'Too many tokens were revoked one by one: revoke all tokens of the OAuth app.';
  throw new TributaryError('conflict', message);
}
