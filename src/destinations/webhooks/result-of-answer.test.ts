import assert from 'node:assert/strict';
import { test } from 'node:test';
import { retryAfter } from '../result-of-http.ts';
import { resultOfAnswer } from './result-of-answer.ts';

const now = Date.UTC(2026, 10, 20, 12);
const kindOf = (status: number) => resultOfAnswer({ status, headers: {}, body: '' }, now).kind;

test('2xx is delivered', () => {
  for (const status of [200, 201, 202, 204, 299]) assert.equal(kindOf(status), 'delivered');
});

test('408, 423, 429 and every 5xx are worth repeating', () => {
  for (const status of [408, 423, 429, 500, 501, 502, 503, 504, 599]) {
    assert.equal(kindOf(status), 'retry', String(status));
  }
});

test('every other status is final, redirects too', () => {
  for (const status of [301, 302, 307, 308, 400, 401, 403, 404, 409, 410, 413, 422, 426, 451]) {
    const result = resultOfAnswer({ status, headers: { location: '/x' }, body: 'why' }, now);
    assert.ok(result.kind === 'discard' && result.code === 'message_rejected', String(status));
    assert.match(result.message, new RegExp(`HTTP ${status}`));
  }
});

test('time-outs and network failures are worth repeating, refused and unusable targets are not', () => {
  const of = (failure: 'timeout' | 'network' | 'refused' | 'invalid_url') =>
    resultOfAnswer({ failure, message: 'm' }, now);
  assert.equal(of('timeout').kind, 'retry');
  assert.equal(of('network').kind, 'retry');
  assert.deepEqual(of('refused'), { kind: 'discard', code: 'target_refused', message: 'm' });
  assert.deepEqual(of('invalid_url'), { kind: 'discard', code: 'invalid_settings', message: 'm' });
});

test('Retry-After is seconds or a date', () => {
  assert.equal(retryAfter('120', now), 120_000);
  assert.equal(retryAfter('0', now), 0);
  assert.equal(retryAfter('Fri, 20 Nov 2026 12:00:30 GMT', now), 30_000);
  assert.equal(retryAfter('Fri, 20 Nov 2026 11:00:00 GMT', now), 0);
  assert.equal(retryAfter(['5'], now), 5_000);
  for (const nothing of [undefined, '', 'soon', '-1', '1.5e']) {
    assert.equal(retryAfter(nothing, now), undefined, String(nothing));
  }
  const headers = { 'retry-after': '7' };
  const result = resultOfAnswer({ status: 429, headers, body: '' }, now);
  assert.ok(result.kind === 'retry' && result.retryAfterMs === 7_000);
});

test('a message quotes no more than the beginning of an answer', () => {
  const result = resultOfAnswer({ status: 400, headers: {}, body: 'x'.repeat(10_000) }, now);
  assert.ok(result.kind === 'discard' && result.message.length < 300);
});
