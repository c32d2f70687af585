import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { limits } from '../../core/limits.ts';
import { ManualClock } from '../../core/testing/manual-clock.ts';
import { httpListen } from './http-listen.ts';

test('a crowd that connects at once waits in a queue longer than that of node', async (t) => {
  const server = createServer();
  const listen = t.mock.method(server, 'listen');
  t.after(() => server.close());
  const port = await httpListen(server, { host: '127.0.0.1', port: 0 }, new ManualClock());
  const address = server.address();
  assert.equal(typeof address === 'object' && address?.port, port);
  const [options] = listen.mock.calls[0]?.arguments ?? [];
  const expected = { host: '127.0.0.1', port: 0, backlog: limits.listenBacklog };
  assert.deepEqual(options, expected);
});
