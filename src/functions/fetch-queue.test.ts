import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../core/clock.ts';
import type { HttpAnswer, HttpRequest } from '../core/http.ts';
import { FetchQueue } from './fetch-queue.ts';

function rig(most: number, mostBytes = 1_000) {
  const sent: { url: string; answer: () => void }[] = [];
  const http = {
    request: ({ url }: HttpRequest) =>
      new Promise<HttpAnswer>((resolve) =>
        sent.push({ url, answer: () => resolve({ status: 200, headers: {}, body: '' }) }),
      ),
  };
  const queue = new FetchQueue({
    ...{ http, clock: systemClock, most, mostBytes },
    bounds: { answerBytes: 100 },
  });
  const fetch = (url: string, body = '', signal = new AbortController().signal) =>
    queue.fetch({ method: 'POST', url, headers: [], body, redirect: 'follow' }, 60_000, signal);
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  return { sent, fetch, turn };
}

test('so many requests are under way at once; others wait for their turn', async () => {
  const { sent, fetch, turn } = rig(2);
  const all = ['a', 'b', 'c', 'd'].map((name) => fetch(`http://${name}.test`));
  await turn();
  assert.deepEqual(sent.length, 2);
  sent[0]?.answer();
  await turn();
  assert.equal(sent[2]?.url, 'http://c.test');
  for (let at = 1; at < 4; at += 1) {
    sent[at]?.answer();
    await turn();
  }
  assert.deepEqual(
    (await Promise.all(all)).map(({ ok }) => ok),
    [true, true, true, true],
  );
});

test('bodies beyond the bound are refused, until others are done', async () => {
  const { sent, fetch, turn } = rig(10, 100);
  const first = fetch('http://a.test', 'x'.repeat(80));
  assert.deepEqual(await fetch('http://b.test', 'x'.repeat(30)), {
    ok: false,
    problem: 'too many requests of functions are under way',
  });
  await turn();
  sent[0]?.answer();
  assert.ok((await first).ok);
  const next = fetch('http://c.test', 'x'.repeat(30));
  await turn();
  sent[1]?.answer();
  assert.ok((await next).ok);
});

test('a request that was given up while it waited is not sent', async () => {
  const { sent, fetch, turn } = rig(1);
  const abort = new AbortController();
  const first = fetch('http://a.test');
  const second = fetch('http://b.test', '', abort.signal);
  const third = fetch('http://c.test');
  await turn();
  abort.abort();
  sent[0]?.answer();
  assert.ok((await first).ok);
  assert.ok(!(await second).ok);
  await turn();
  assert.equal(sent[1]?.url, 'http://c.test');
  sent[1]?.answer();
  assert.ok((await third).ok);
});
