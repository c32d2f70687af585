import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limits } from '../../core/limits.ts';
import { redacted } from './redacted.ts';

const request = {
  method: 'POST',
  url: 'https://me:pass@vendor.example/t?api_key=abc&page=2',
  headers: { authorization: 'Bearer abc', 'x-api-key': 'abc', 'content-type': 'application/json' },
  body: '{"access_token": "abc", "email": "e@x", "list": "the-write-key of this", "password":"a\\"b"}',
  timeoutMs: 1,
};
const answer = {
  status: 400,
  headers: { 'set-cookie': ['a=1', 'b=2'], 'x-id': '7' },
  body: 'unknown key the-write-key, token=abc',
};

test('what is known to be a secret is masked, by its name and by its value', () => {
  const shown = redacted({ request, answer, durationMs: 1.4 }, ['the-write-key', 'x']);
  assert.deepEqual(shown, {
    method: 'POST',
    url: 'https://••••@vendor.example/t?api_key=••••&page=2',
    requestHeaders: {
      authorization: '••••',
      'x-api-key': '••••',
      'content-type': 'application/json',
    },
    requestBody:
      '{"access_token": "••••", "email": "e@x", "list": "•••• of this", "password":"••••"}',
    status: 400,
    answerHeaders: { 'set-cookie': '••••', 'x-id': '7' },
    answerBody: 'unknown key ••••, token=abc',
    durationMs: 1,
  });
});

test('a secret is masked as it stands in a URL and in JSON', () => {
  const secret = 'a "b" & c';
  const url = `https://v.example/${encodeURIComponent(secret)}`;
  const body = JSON.stringify({ said: secret });
  const shown = redacted({ request: { ...request, url, body }, answer, durationMs: 0 }, [secret]);
  assert.equal(shown.url, 'https://v.example/••••');
  assert.equal(shown.requestBody, '{"said":"••••"}');
});

test('long texts are cut, bytes are counted, and no answer is said to be none', () => {
  const body = 'x'.repeat(10 * limits.exchangeTextLength);
  const failed = { failure: 'timeout', message: 'No answer' } as const;
  const long = redacted({ request: { ...request, body }, answer: failed, durationMs: 0 }, []);
  assert.ok(long.requestBody.length < limits.exchangeTextLength + 100);
  assert.equal(long.failure, 'No answer');
  assert.equal(long.status, undefined);
  const bytes = { ...request, body: new Uint8Array(3) };
  assert.equal(redacted({ request: bytes, answer, durationMs: 0 }, []).requestBody, '(3 bytes)');
});
