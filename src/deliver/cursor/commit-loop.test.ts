import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLogger } from '../../core/logger.ts';
import { refuseWrites } from '../../storage/testing/refuse-writes.ts';
import { connection, DeliverRig } from '../testing/deliver-rig.ts';

test('a store that takes nothing for long is logged once, and once when it takes again; delivery goes on', async () => {
  const log: string[] = [];
  const keep = (_fields: object, message: string) => log.push(message);
  const logger = { ...silentLogger, info: keep, warn: keep, error: keep };
  const rig = await new DeliverRig({ logger }).start();
  await rig.configure({ connections: [connection()] });
  const allow = await refuseWrites(rig.store.db, 'insert', 'parked');
  // What waits for another try cannot be written down; the others go on.
  rig.answering = ({ body }) => (JSON.parse(String(body)).messageId === '1' ? 503 : 200);
  await rig.append({ id: '1', u: 'waits' });
  for (const id of ['2', '3', '4']) {
    await rig.append({ id, u: 'a' });
    await rig.clock.advance(2_000);
  }
  assert.deepEqual(log, ['cursors cannot be committed; deliver tries again']);
  assert.deepEqual(
    rig.ids().filter((id) => id !== '1'),
    ['2', '3', '4'],
  );
  await allow();
  await rig.clock.advance(2_000);
  assert.deepEqual(log.slice(1), ['cursors are committed again']);
  await rig.stop();
});
