/** `fetch` as functions have it: through the pool and target guard of deliveries. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { HttpRequest } from '../core/http.ts';
import { functionsRig } from './testing/functions-rig.ts';

const text = (request: HttpRequest | undefined): string =>
  Buffer.from(request?.body ?? '').toString('utf8');

test('a request goes out as asked, and its answer can be read in every way', async (t) => {
  const bytes = Buffer.from('{"a":"ü"}');
  const { value, requests } = functionsRig(t, {
    answer: () => ({
      status: 201,
      headers: { 'content-type': 'application/json', 'set-cookie': ['a=1', 'b=2'] },
      bytes,
    }),
  });
  const seen = await value(`await (async () => {
    const sent = await fetch('https://a.test/x?y=1', { method: 'post', headers: { 'X-One': 'ü'.length, Host: 'other.test' }, body: JSON.stringify({ b: 1 }) });
    return [sent.status, sent.ok, sent.url, sent.headers.get('Content-Type'), sent.headers.get('set-cookie'),
      await sent.clone().text(), (await sent.clone().json()).a, (await sent.clone().buffer()).length, (await sent.arrayBuffer()).byteLength];
  })()`);
  assert.deepEqual(seen, [
    201,
    true,
    'https://a.test/x?y=1',
    'application/json',
    'a=1, b=2',
    '{"a":"ü"}',
    'ü',
    bytes.length,
    bytes.length,
  ]);
  const [request] = requests;
  assert.equal(request?.method, 'POST');
  assert.equal(text(request), '{"b":1}');
  assert.equal(request?.headers['x-one'], '1');
  assert.equal(request?.headers['content-type'], 'text/plain;charset=UTF-8');
  assert.equal(request?.headers['host'], undefined);
});

test('forms, bytes and multipart bodies carry their content type', async (t) => {
  const { value, requests } = functionsRig(t);
  await value(`await (async () => {
    const send = (body) => fetch('http://a.test', { method: 'POST', body });
    await send(new URLSearchParams({ a: '1 2' }));
    await send(Buffer.from([0, 255]));
    const form = new FormData();
    form.append('name', 'ü');
    form.append('file', Buffer.from('x'), { filename: 'a.txt', contentType: 'text/plain' });
    await send(form);
  })()`);
  const [form, bytes, multipart] = requests;
  assert.equal(text(form), 'a=1+2');
  assert.match(form?.headers['content-type'] ?? '', /urlencoded/);
  assert.deepEqual([...Buffer.from(bytes?.body ?? '')], [0, 255]);
  const boundary = /^multipart\/form-data; boundary=(-+\w+)$/.exec(
    multipart?.headers['content-type'] ?? '',
  )?.[1];
  assert.equal(
    text(multipart),
    `--${boundary}\r\nContent-Disposition: form-data; name="name"\r\n\r\nü\r\n` +
      `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n` +
      `Content-Type: text/plain\r\n\r\nx\r\n--${boundary}--\r\n`,
  );
});

test('what the target guard refuses, and what does not answer, is an error that code can catch', async (t) => {
  const { value } = functionsRig(t, {
    answer: () => ({ failure: 'refused', message: '127.0.0.1 is a private address' }),
  });
  assert.deepEqual(
    await value(
      'await fetch("http://127.0.0.1/").catch((e) => [e.name, e.message, e instanceof Error])',
    ),
    [
      'FetchError',
      'request to http://127.0.0.1/ failed, reason: 127.0.0.1 is a private address',
      true,
    ],
  );
});

test('redirects are followed, looked at anew, and leave credentials behind at another origin', async (t) => {
  const { value, requests } = functionsRig(t, {
    answer: ({ url }) => {
      if (url === 'http://a.test/') return { status: 302, headers: { location: '/two' } };
      if (url === 'http://a.test/two')
        return { status: 307, headers: { location: 'http://b.test/' } };
      if (url === 'http://loop.test/') return { status: 302, headers: { location: '/' } };
      return { body: 'end' };
    },
  });
  const init = '{ method: "POST", body: "x", headers: { Authorization: "secret", "X-Kept": "1" } }';
  assert.deepEqual(
    await value(
      `await fetch('http://a.test/', ${init}).then(async (r) => [r.url, r.redirected, await r.text()])`,
    ),
    ['http://b.test/', true, 'end'],
  );
  assert.deepEqual(
    requests.map(({ method, url, headers }) => [
      method,
      url,
      headers['authorization'],
      headers['x-kept'],
    ]),
    [
      ['POST', 'http://a.test/', 'secret', '1'],
      ['GET', 'http://a.test/two', 'secret', '1'],
      ['GET', 'http://b.test/', undefined, '1'],
    ],
  );
  assert.equal(await value('(await fetch("http://a.test/", { redirect: "manual" })).status'), 302);
  const error = 'await fetch("http://a.test/", { redirect: "error" }).catch((e) => e.message)';
  assert.match(String(await value(error)), /redirected$/);
  const loop = 'await fetch("http://loop.test/").catch((e) => e.message)';
  assert.match(String(await value(loop)), /too often/);
});

test('packed answers are unpacked, up to the bound', async (t) => {
  const { value } = functionsRig(t, {
    bounds: { answerBytes: 1_000 },
    answer: ({ url }) => ({
      headers: { 'content-encoding': 'gzip' },
      bytes: gzipSync(url.endsWith('large') ? Buffer.alloc(5_000) : 'small'),
    }),
  });
  assert.equal(await value('await (await fetch("http://a.test/small")).text()'), 'small');
  const large = 'await fetch("http://a.test/large").catch((e) => e.message)';
  assert.match(String(await value(large)), /larger than 1000 bytes/);
});

test('a request can be given up, by a signal or a time-out', async (t) => {
  const { value, requests } = functionsRig(t, { answer: () => new Promise<never>(() => {}) });
  const byHand = `await (async () => {
    const controller = new AbortController();
    const sent = fetch('http://a.test', { signal: controller.signal }).catch((e) => e.name);
    controller.abort();
    return sent;
  })()`;
  assert.equal(await value(byHand), 'AbortError');
  const late = 'await fetch("http://a.test", { timeout: 20 }).catch((e) => [e.name, e.type])';
  assert.deepEqual(await value(late), ['FetchError', 'request-timeout']);
  const signal =
    'await fetch("http://a.test", { signal: AbortSignal.timeout(20) }).catch((e) => e.name)';
  assert.equal(await value(signal), 'AbortError');
  assert.ok(requests.every((request) => request.signal?.aborted));
});

test('the requests of an invocation that timed out are given up', async (t) => {
  const { outcome, requests } = functionsRig(t, {
    bounds: { wallMs: 200 },
    answer: () => new Promise<never>(() => {}),
  });
  const ended = await outcome('const onTrack = () => fetch("http://a.test")');
  assert.ok(ended.kind === 'failed' && ended.failure === 'timeout');
  const [request] = requests;
  assert.ok(request !== undefined && request.timeoutMs <= 200);
  const { signal } = request;
  if (!signal?.aborted) await new Promise((resolve) => signal?.addEventListener('abort', resolve));
});

test('the requests of a trial are in its report', async (t) => {
  const { run } = functionsRig(t, {
    answer: ({ url }) =>
      url.includes('down') ? { failure: 'network', message: 'ECONNREFUSED' } : { status: 204 },
  });
  const code =
    'async function onTrack() { await fetch("http://a.test", { method: "PUT" }); await fetch("http://down.test").catch(() => 0) }';
  const report = await run(code, { trial: true });
  assert.deepEqual(report.traces, [
    { method: 'PUT', url: 'http://a.test', status: 204 },
    { method: 'GET', url: 'http://down.test', problem: 'ECONNREFUSED' },
  ]);
  assert.deepEqual((await run(code)).traces, []);
});

test('outside of an invocation nothing can be sent', async (t) => {
  const { outcome, requests } = functionsRig(t);
  const code = 'fetch("http://a.test").catch(() => 0); const onTrack = () => {}';
  assert.deepEqual(await outcome(code), { kind: 'done' });
  assert.equal(requests.length, 0);
});
