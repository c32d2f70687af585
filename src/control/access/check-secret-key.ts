import { TributaryError } from '../../core/errors.ts';
import { assertHeld } from '../../core/lease.ts';
import type { SecretBox } from '../../core/secret-box.ts';
import type { StateStore } from '../../core/state.ts';
import type { ControlTables } from '../../core/tables/control-tables.ts';

const known = 'tributary';

/**
 * Finds out whether this node has the key that the secrets in the store are sealed with; the first node
 * leaves the mark that the others are measured by. Rejects with `config_invalid`.
 */
export async function checkSecretKey(
  store: StateStore<ControlTables>,
  box: SecretBox,
): Promise<void> {
  const lease = await store.leases.take('bootstrap');
  try {
    await store.db.transaction().execute(async (db) => {
      await assertHeld(db.$pickTables<'lease'>(), lease);
      const { id } = await db.selectFrom('workspace').select('id').executeTakeFirstOrThrow();
      const mark = await db.selectFrom('secret_key').select('sealed').executeTakeFirst();
      if (mark === undefined) {
        const sealed = box.seal(known, id);
        await db.insertInto('secret_key').values({ workspace_id: id, sealed }).execute();
      } else if (box.open(mark.sealed, id) !== known) {
        throw foreignKey();
      }
    });
  } finally {
    await lease.release();
  }
}

function foreignKey(): TributaryError {
  return new TributaryError(
    'config_invalid',
    'The secrets in the state store are sealed with another key than this node has. Give every node the same TRIBUTARY_SECRET_KEY, or the file secret-key of the data folder that the store was made with.',
  );
}
