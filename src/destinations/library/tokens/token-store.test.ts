import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../../core/clock.ts';
import { createSecretBox } from '../../../core/secret-box.ts';
import { freshStores } from '../../../storage/testing/fresh-stores.ts';
import { createTokenStore, forgetTokens } from './token-store.ts';

test('the tokens of a connection go with it, sealed until then', async (t) => {
  const store = await freshStores().openWork();
  t.after(() => store.close());
  const box = createSecretBox('the secret key of the tests, long enough');
  const tokens = createTokenStore(store, box, systemClock);
  for (const connection of ['one', 'two'])
    await tokens.write(connection, 'o', { accessToken: 'a-token' });
  const rows = await store.db.selectFrom('oauth_token').selectAll().execute();
  assert.doesNotMatch(JSON.stringify(rows), /a-token/);
  await forgetTokens(store, 'one');
  assert.equal(await tokens.read('one', 'o'), undefined);
  assert.equal((await tokens.read('two', 'o'))?.accessToken, 'a-token');
});
