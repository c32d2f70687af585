import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freshStores } from '../../../storage/testing/fresh-stores.ts';
import { controlRig } from '../../testing/control-rig.ts';

test('the last failed attempts of a destination are listed, newest first', async (t) => {
  const work = await freshStores().openWork();
  const rig = await controlRig({ work });
  t.after(async () => {
    await rig.close();
    await work.close();
  });
  const sourceId = rig.control.snapshot().sources[0]?.id;
  const body = { sourceId, metadataId: 'every-option', settings: { hooks: ['http://x.test/'] } };
  const made = await rig.call('POST', '/destinations', { body });
  const id = String(made.at('data.destination.id'));
  const path = `/destinations/${id}/delivery-failures`;
  assert.deepEqual((await rig.call('GET', path)).at('data.failures'), []);
  const exchange = { method: 'POST', url: 'http://x.test/', status: 503, durationMs: 3 };
  const row = { connection: id, at: 1_000, attempts: 1, message: 'HTTP 503', code: '' };
  await work.db
    .insertInto('delivery_failure')
    .values([
      { ...row, id: 'a', message_id: 'first', exchanges: JSON.stringify([exchange]) },
      { ...row, id: 'b', message_id: 'second', code: 'message_rejected', exchanges: '[]' },
      { ...row, id: 'c', message_id: 'of another', connection: 'other', exchanges: '[]' },
    ])
    .execute();
  const listed = await rig.call('GET', path);
  assert.equal(listed.status, 200, JSON.stringify(listed.body));
  assert.deepEqual(listed.at('data.failures'), [
    {
      ...{ id: 'b', at: '1970-01-01T00:00:01.000Z', messageId: 'second', attempts: 1 },
      ...{ code: 'message_rejected', message: 'HTTP 503', exchanges: [] },
    },
    {
      ...{ id: 'a', at: '1970-01-01T00:00:01.000Z', messageId: 'first', attempts: 1 },
      ...{ message: 'HTTP 503', exchanges: [exchange] },
    },
  ]);
  assert.equal((await rig.call('GET', '/destinations/none/delivery-failures')).status, 404);
});
