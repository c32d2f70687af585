import assert from 'node:assert/strict';
import { it } from 'node:test';
import { tokenHash } from '../../core/token-hash.ts';
import { adminToken, controlRig } from '../testing/control-rig.ts';

it('the snapshot carries the hash of every access token, and no longer that of a revoked one', async () => {
  const rig = await controlRig();
  const hashes = () => rig.snapshots.at(-1)?.tokenHashes;
  assert.deepEqual(hashes(), [tokenHash(adminToken)]);
  const body = { name: 'scraper', permission: 'read' };
  const made = await rig.call('POST', '/tokens', { body });
  const secret = String(made.at('data.secret'));
  assert.deepEqual(hashes(), [tokenHash(adminToken), tokenHash(secret)]);
  await rig.call('DELETE', `/tokens/${String(made.at('data.token.id'))}`);
  assert.deepEqual(hashes(), [tokenHash(adminToken)]);
  await rig.close();
});
