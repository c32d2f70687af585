import assert from 'node:assert/strict';
import type { LookupAddress } from 'node:dns';
import { test } from 'node:test';
import { TributaryError } from '../../core/errors.ts';
import { guardedLookup } from './guarded-connector.ts';

function resolved(
  addresses: readonly string[],
  allowPrivate = false,
): Promise<LookupAddress[] | Error> {
  const answer = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  const lookup = guardedLookup(allowPrivate, (_hostname, _options, callback) =>
    callback(null, answer),
  );
  return new Promise((resolve) => {
    lookup('name.example', { all: true }, (error, found) => {
      resolve(error ?? (Array.isArray(found) ? found : []));
    });
  });
}

test('of a name with public and private addresses only the public ones are dialled', async () => {
  const found = await resolved(['10.0.0.1', '8.8.8.8', '::1', '169.254.169.254']);
  assert.deepEqual(found, [{ address: '8.8.8.8', family: 4 }]);
});

test('a name that resolves to private addresses alone is refused', async () => {
  const error = await resolved(['10.0.0.1', '::ffff:127.0.0.1']);
  assert.ok(error instanceof TributaryError);
  assert.equal(error.code, 'target_refused');
  assert.match(error.message, /name\.example: 10\.0\.0\.1 is a private/);
});

test('a name that resolves to a metadata address is refused even where private ones are allowed', async () => {
  assert.ok((await resolved(['169.254.169.254'], true)) instanceof TributaryError);
  assert.deepEqual(await resolved(['127.0.0.1'], true), [{ address: '127.0.0.1', family: 4 }]);
});

test('a socket that asks for one address gets one', async () => {
  const lookup = guardedLookup(false, (_hostname, _options, callback) =>
    callback(null, [{ address: '8.8.4.4', family: 4 }]),
  );
  const found = await new Promise((resolve) => {
    lookup('name.example', {}, (_error, address, family) => resolve([address, family]));
  });
  assert.deepEqual(found, ['8.8.4.4', 4]);
});
