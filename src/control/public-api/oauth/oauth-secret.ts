import type { Kysely } from 'kysely';
import { oauthSecretOwner } from '../../../core/oauth.ts';
import type { SecretBox } from '../../../core/secret-box.ts';
import type { ControlTables } from '../../../core/tables/control-tables.ts';
import type { Environment } from '../../environment.ts';

const secretBytes = 32;

/** Makes what access tokens are signed with, unless it is there: it comes with the first OAuth app and stays. */
export async function ensureOAuthSecret(
  db: Kysely<ControlTables>,
  { random, workspace, secrets }: Environment,
): Promise<void> {
  const text = Buffer.from(random(secretBytes)).toString('base64url');
  await db
    .insertInto('oauth_secret')
    .values({ workspace_id: workspace.id, secret: secrets.seal(text, oauthSecretOwner) })
    .onConflict((row) => row.column('workspace_id').doNothing())
    .execute();
}

/** What access tokens are signed with; undefined before the first OAuth app. */
export async function findOAuthSecret(
  db: Kysely<ControlTables>,
  secrets: SecretBox,
): Promise<string | undefined> {
  const row = await db.selectFrom('oauth_secret').select('secret').executeTakeFirst();
  return row && secrets.open(row.secret, oauthSecretOwner);
}
