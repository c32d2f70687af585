import type { Kysely } from 'kysely';
import type { ControlTables } from '../../../core/tables/control-tables.ts';
import type { Environment } from '../../environment.ts';

const secretBytes = 32;

/** Makes what access tokens are signed with, unless it is there: it comes with the first OAuth app and stays. */
export async function ensureOAuthSecret(
  db: Kysely<ControlTables>,
  { random, workspace }: Environment,
): Promise<void> {
  await db
    .insertInto('oauth_secret')
    .values({
      workspace_id: workspace.id,
      secret: Buffer.from(random(secretBytes)).toString('base64url'),
    })
    .onConflict((row) => row.column('workspace_id').doNothing())
    .execute();
}
