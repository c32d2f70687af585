import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createSecretBox, isSealed } from '../../core/secret-box.ts';
import { freshStores } from '../../storage/testing/fresh-stores.ts';
import { controlRig, everyOption } from '../testing/control-rig.ts';

it('a secret setting is sealed in the table and in the snapshot, and opens for the data plane alone', async () => {
  const rig = await controlRig();
  const sourceId = (await rig.call('GET', '/sources')).at('data.sources.0.id');
  const body = {
    sourceId,
    metadataId: everyOption.id,
    settings: { secret: 'not for disks', rate: 2 },
  };
  await rig.call('POST', '/destinations', { body });
  const row = await rig.store.db.selectFrom('destination').selectAll().executeTakeFirstOrThrow();
  assert(!row.settings.includes('not for disks'));
  const { settings } = rig.control.snapshot().connections[0] ?? {};
  assert(isSealed(settings?.['secret']));
  assert.equal(settings?.['rate'], 2);
  assert.equal(rig.settings()?.['secret'], 'not for disks');
  await rig.close();
});

it('a node with another key than the store was made with is refused, and told what to do', async () => {
  const store = await freshStores().openControl();
  const first = await controlRig({ store });
  await first.control.close();
  const secrets = createSecretBox('another key, as long as it should be');
  await assert.rejects(controlRig({ store, secrets }), {
    code: 'config_invalid',
    message: /TRIBUTARY_SECRET_KEY/,
  });
  const again = await controlRig({ store });
  await again.close();
});

it('what an earlier version left in plain text is sealed at the next start', async () => {
  const store = await freshStores().openControl();
  const first = await controlRig({ store });
  const sourceId = (await first.call('GET', '/sources')).at('data.sources.0.id');
  const body = { sourceId, metadataId: everyOption.id, settings: { secret: 'x' } };
  const made = await first.call('POST', '/destinations', { body });
  await first.control.close();
  const settings = JSON.stringify({ secret: 'left in plain text', rate: 1 });
  await store.db.updateTable('destination').set({ settings }).execute();
  const second = await controlRig({ store });
  const row = await store.db.selectFrom('destination').selectAll().executeTakeFirstOrThrow();
  assert(!row.settings.includes('left in plain text'));
  assert.equal(
    second.settings(String(made.at('data.destination.id')))?.['secret'],
    'left in plain text',
  );
  await second.close();
});
