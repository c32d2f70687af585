import type { Kysely } from 'kysely';
import { TributaryError } from '../../../core/errors.ts';
import { oauthKeysMost } from '../../../core/oauth.ts';
import type { ControlTables } from '../../../core/tables/control-tables.ts';
import { parsePublicKey } from './public-key.ts';

interface NewKey {
  readonly id: string;
  readonly appId: string;
  readonly name: string | undefined;
  /** PEM, as it was given. */
  readonly publicKey: string;
  readonly position: number;
  readonly now: number;
}

/** Adds a key to an app. Rejects with `input_validation`, and with `conflict` when it has two or this one. */
export async function insertKey(db: Kysely<ControlTables>, key: NewKey): Promise<void> {
  const publicKey = parsePublicKey(key.publicKey);
  const others = await db
    .selectFrom('oauth_key')
    .select('public_key')
    .where('app_id', '=', key.appId)
    .execute();
  if (others.length >= oauthKeysMost) {
    const message = `An OAuth app has at most ${oauthKeysMost} public keys: remove one first.`;
    throw new TributaryError('conflict', message);
  }
  if (others.some((other) => other.public_key === publicKey)) {
    throw new TributaryError('conflict', 'The OAuth app has this public key already.');
  }
  await db
    .insertInto('oauth_key')
    .values({
      id: key.id,
      app_id: key.appId,
      position: key.position,
      name: key.name ?? `Key ${key.id.slice(0, 6)}`,
      public_key: publicKey,
      created_at: key.now,
    })
    .execute();
}
