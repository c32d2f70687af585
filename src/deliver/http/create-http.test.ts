import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { type TestContext, test } from 'node:test';
import { systemClock } from '../../core/clock.ts';
import type { HttpRequest } from '../../core/http.ts';
import { limits } from '../../core/limits.ts';
import { eventually } from '../../core/testing/eventually.ts';
import { type Answer, bodyOf, loopbackServer } from '../../core/testing/loopback-server.ts';
import { createHttp } from './create-http.ts';

async function rig(t: TestContext, listener: Answer, allowPrivateTargets = true) {
  const server = await loopbackServer(listener);
  const http = createHttp({ allowPrivateTargets, clock: systemClock });
  t.after(async () => {
    await http.close();
    await server.close();
  });
  const post = (more: Partial<HttpRequest> = {}) =>
    http.request({
      method: 'POST',
      url: `${server.url}/path?q=1`,
      headers: { 'content-type': 'application/json' },
      body: '{"a":"ü"}',
      timeoutMs: 5_000,
      ...more,
    });
  return { server, http, post };
}

test('a request arrives as given, with a User-Agent of ours, and its answer is returned', async (t) => {
  const { post } = await rig(t, async (request, response) => {
    const body = await bodyOf(request);
    response.setHeader('X-Answer', 'yes');
    response.statusCode = 201;
    const { headers } = request;
    response.end([request.method, request.url, headers['user-agent'], body].join(' '));
  });
  const answer = await post();
  assert.ok('status' in answer);
  assert.equal(answer.status, 201);
  assert.equal(answer.headers['x-answer'], 'yes');
  assert.match(answer.body, /^POST \/path\?q=1 Tributary\/\S+ \{"a":"ü"\}$/);
});

test('requests one after the other share a connection', async (t) => {
  const { server, post } = await rig(t, (request, response) => {
    request.resume();
    response.end('ok');
  });
  for (let n = 0; n < 5; n += 1) {
    await post();
    // The pool takes the connection back once the answer is handed over.
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.equal(server.connections, 1);
});

test('a redirect is an answer like any other', async (t) => {
  const { post } = await rig(t, (request, response) => {
    request.resume();
    response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end();
  });
  const answer = await post();
  assert.ok('status' in answer && answer.status === 302);
});

test('credentials in the URL become Basic authorization', async (t) => {
  const { server, post } = await rig(t, (request, response) => {
    request.resume();
    response.end(request.headers.authorization);
  });
  const answer = await post({ url: `http://us%40er:p%3Aw@127.0.0.1:${server.port}/` });
  assert.ok('body' in answer);
  assert.equal(answer.body, `Basic ${Buffer.from('us@er:p:w').toString('base64')}`);
});

test('a private address is refused before anything is sent, and so is a name for one', async (t) => {
  const { server, post } = await rig(t, (_request, response) => response.end(), false);
  for (const host of ['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]', '2130706433', '0x7f.1']) {
    const answer = await post({ url: `http://${host}:${server.port}/` });
    assert.ok('failure' in answer, host);
    assert.equal(answer.failure, 'refused', host);
  }
  assert.equal(server.connections, 0);
});

test('a metadata address is refused where private targets are allowed', async (t) => {
  const { post } = await rig(t, (_request, response) => response.end());
  for (const host of ['169.254.169.254', '[fd00:ec2::254]', '[::ffff:169.254.169.254]']) {
    const answer = await post({ url: `http://${host}/latest/meta-data/` });
    assert.ok('failure' in answer && answer.failure === 'refused', host);
  }
});

test('no answer in time is a timeout', async (t) => {
  const { server, post } = await rig(t, () => undefined);
  const answer = await post({ timeoutMs: 500 });
  assert.ok('failure' in answer && answer.failure === 'timeout');
  assert.match(answer.message, /500 ms/);
  assert.equal(server.connections, 1);
});

test('an answer whose body never ends is a timeout', async (t) => {
  const { post } = await rig(t, (_request, response) => {
    response.write('begun');
  });
  const answer = await post({ timeoutMs: 60 });
  assert.ok('failure' in answer && answer.failure === 'timeout');
});

test('the time-out covers the wait for a connection', async (t) => {
  const { post } = await rig(t, () => undefined);
  const all = Array.from({ length: limits.httpConnections + 5 }, () => post({ timeoutMs: 200 }));
  for (const answer of await Promise.all(all)) {
    assert.ok('failure' in answer && answer.failure === 'timeout');
  }
});

test('an answer is read up to the bound, and its connection let go of', async (t) => {
  const { server, post } = await rig(t, (request, response) => {
    request.resume();
    response.on('error', () => undefined);
    const more = () => {
      while (!response.destroyed && response.write('x'.repeat(8_192)));
      if (!response.destroyed) response.once('drain', more);
    };
    more();
  });
  const answer = await post();
  assert.ok('body' in answer);
  assert.equal(answer.body.length, limits.answerBytes);
  await eventually('its connection is closed', () => server.open === 0, { every: 1 });
  const again = await post();
  assert.ok('body' in again);
});

test('a connection that breaks is a network failure', async (t) => {
  const { post } = await rig(t, (request) => request.socket.destroy());
  const answer = await post();
  assert.ok('failure' in answer && answer.failure === 'network');
  assert.notEqual(answer.message, '');
});

test('nobody listening is a network failure that says so', async (t) => {
  const closed = createServer().listen(0, '127.0.0.1');
  await once(closed, 'listening');
  const address = closed.address();
  assert.ok(typeof address === 'object' && address !== null);
  closed.close();
  const { post } = await rig(t, () => undefined);
  const answer = await post({ url: `http://127.0.0.1:${address.port}/` });
  assert.ok('failure' in answer && answer.failure === 'network');
  assert.match(answer.message, /ECONNREFUSED/);
});

test('what is no answer in HTTP is a network failure', async (t) => {
  const garbage = createServer((socket) => socket.end('hello\r\n')).listen(0, '127.0.0.1');
  await once(garbage, 'listening');
  t.after(() => garbage.close());
  const address = garbage.address();
  assert.ok(typeof address === 'object' && address !== null);
  const { post } = await rig(t, () => undefined);
  const answer = await post({ url: `http://127.0.0.1:${address.port}/` });
  assert.ok('failure' in answer && answer.failure === 'network');
});

test('a cancelled request fails at once', async (t) => {
  const { post } = await rig(t, () => undefined);
  const abort = new AbortController();
  const pending = post({ signal: abort.signal });
  abort.abort();
  const answer = await pending;
  assert.ok('failure' in answer && answer.failure === 'network');
});

test('a URL that is none, and a header that cannot be sent, never throw', async (t) => {
  const { post } = await rig(t, () => undefined);
  for (const url of ['', 'nonsense', 'ftp://host/', 'file:///etc/passwd']) {
    const answer = await post({ url });
    assert.ok('failure' in answer && answer.failure === 'invalid_url', url);
  }
  const answer = await post({ headers: { 'x-bad': 'a\r\nb: c' } });
  assert.ok('failure' in answer && answer.failure === 'invalid_url');
});

test('an answer that is wanted as bytes comes as they are', async (t) => {
  const bytes = Buffer.from([0, 255, 10, 128]);
  const { post } = await rig(t, (request, response) => {
    request.resume();
    response.end(bytes);
  });
  const answer = await post({ asBytes: true });
  assert.ok('bytes' in answer);
  assert.deepEqual(Buffer.from(answer.bytes ?? []), bytes);
  assert.equal(answer.body, '');
});
