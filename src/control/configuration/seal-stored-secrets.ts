import type { Kysely } from 'kysely';
import { oauthSecretOwner } from '../../core/oauth.ts';
import { isSealed, type SecretBox, sealSettings } from '../../core/secret-box.ts';
import type { ControlTables } from '../../core/tables/control-tables.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { secretNames } from '../destinations/destination-settings.ts';

/**
 * Seals what an earlier version, or one that runs beside this one during an upgrade, left in plain text.
 * Called at each start; it writes only what is not sealed yet.
 */
export async function sealStoredSecrets(
  db: Kysely<ControlTables>,
  catalog: Catalog,
  secrets: SecretBox,
): Promise<void> {
  const rows = await db
    .selectFrom('destination')
    .select(['id', 'metadata_id', 'settings'])
    .execute();
  for (const row of rows) {
    const kind = catalog.destination(row.metadata_id);
    if (kind === undefined) continue;
    const sealed = sealSettings(secrets, JSON.parse(row.settings), row.id, secretNames(kind));
    const settings = JSON.stringify(sealed);
    if (settings === row.settings) continue;
    await db
      .updateTable('destination')
      .set({ settings })
      .where('id', '=', row.id)
      .where('settings', '=', row.settings)
      .execute();
  }
  await sealOAuthSecret(db, secrets);
}

async function sealOAuthSecret(db: Kysely<ControlTables>, secrets: SecretBox): Promise<void> {
  const row = await db.selectFrom('oauth_secret').select('secret').executeTakeFirst();
  if (row === undefined || isSealed(row.secret)) return;
  await db
    .updateTable('oauth_secret')
    .set({ secret: secrets.seal(row.secret, oauthSecretOwner) })
    .where('secret', '=', row.secret)
    .execute();
}
