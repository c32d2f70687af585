import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkConnection, type Queryable } from './check-connection.ts';
import { connectionError } from './connection-failure.ts';
import { connectionSettings } from './connection-settings.ts';

/** A client that the server has told the id 7, and what the server answers. */
function client(answer: object): Queryable {
  const row = { pid: 7, path: 'tributary', is_read_only: 'off', ...answer };
  return { processID: 7, query: async () => ({ rows: [row as never] }) };
}

test('a connection to the server itself, which takes writes, is taken', async () => {
  await checkConnection(client({}), 'tributary');
});

test('a pooler is refused: another process answers than was connected to, or in another schema', async () => {
  const refused = { code: 'config_invalid', message: /pooler/ };
  await assert.rejects(checkConnection(client({ pid: 8 }), 'tributary'), refused);
  await assert.rejects(checkConnection(client({ path: '"$user", public' }), 'tributary'), refused);
});

test('a server that takes no writes may take them later', async () => {
  await assert.rejects(checkConnection(client({ is_read_only: 'on' }), 'tributary'), {
    code: 'store_failed',
    message: /standby/,
  });
});

test('a pooler that knows nothing of our settings is named as such', () => {
  const answer = Object.assign(new Error('unsupported startup parameter: statement_timeout'), {
    code: '08P01',
  });
  const error = connectionError(answer, connectionSettings('postgres://me@127.0.0.1/x'));
  assert.equal(error.code, 'config_invalid');
  assert.match(error.message, /pooler/);
});
