import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messageIdOf } from './message-id.ts';

const nonce = '0123456789abcdef0123456789abcdef';

test('a made messageId is a version 4 UUID, the same each time', () => {
  assert.match(
    messageIdOf(nonce, 0),
    /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
  assert.equal(messageIdOf(nonce, 7), messageIdOf(nonce, 7));
});

test('no two items of a request get the same messageId', () => {
  const ids = Array.from({ length: 10_000 }, (_, index) => messageIdOf(nonce, index));
  assert.equal(new Set(ids).size, ids.length);
});
