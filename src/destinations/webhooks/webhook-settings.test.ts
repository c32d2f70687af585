import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../../core/json.ts';
import { readWebhookSettings } from './webhook-settings.ts';

function hooksOf(settings: JsonObject) {
  const read = readWebhookSettings(settings);
  assert.ok(read.ok, read.ok ? '' : read.problem);
  return read.settings.hooks;
}

function problemOf(settings: JsonObject): string {
  const read = readWebhookSettings(settings);
  return read.ok ? '' : read.problem;
}

test('hooks are URLs, or one URL, or objects with hook or url', () => {
  const url = 'https://a.example/x';
  const expected = [{ url, headers: {} }];
  for (const hooks of [url, [url], [{ hook: url }], [{ url }], [url, { hook: url }], [url, '']]) {
    assert.deepEqual(hooksOf({ hooks }), expected);
  }
});

test('settings exported from Segment are read: rows of headers, and the global hook', () => {
  const hooks = [
    {
      hook: 'https://a.example/',
      headers: [
        { key: '', value: '' },
        { key: 'X-A', value: '1' },
      ],
    },
  ];
  assert.deepEqual(hooksOf({ hooks, globalHook: 'https://b.example/', sharedSecret: '' }), [
    { url: 'https://a.example/', headers: { 'x-a': '1' } },
    { url: 'https://b.example/', headers: {} },
  ]);
});

test("common headers go to every URL, a hook's own win", () => {
  const hooks = ['https://a.example/', { hook: 'https://b.example/', headers: { 'X-One': 'own' } }];
  assert.deepEqual(hooksOf({ hooks, headers: { 'x-one': 'all', 'X-Two': '2' } }), [
    { url: 'https://a.example/', headers: { 'x-one': 'all', 'x-two': '2' } },
    { url: 'https://b.example/', headers: { 'x-one': 'own', 'x-two': '2' } },
  ]);
});

test('what cannot work is a problem that names the setting', () => {
  const url = 'https://a.example/';
  assert.match(problemOf({}), /hooks: at least one/);
  assert.match(problemOf({ hooks: [] }), /hooks: at least one/);
  assert.match(problemOf({ hooks: ['ftp://a/'] }), /hooks: not an http/);
  assert.match(problemOf({ hooks: [7] }), /hooks: not an http/);
  assert.match(problemOf({ hooks: [1, 2, 3, 4, 5, 6].map((n) => `${url}${n}`) }), /at most 5/);
  assert.match(problemOf({ hooks: [url], headers: { 'a b': '1' } }), /headers: "a b"/);
  assert.match(problemOf({ hooks: [url], headers: { a: 'x\r\ny: z' } }), /headers: "a"/);
  assert.match(problemOf({ hooks: [url], headers: { Host: 'h' } }), /headers: Host cannot be set/);
  assert.match(problemOf({ hooks: [url], headers: { 'Content-Length': '1' } }), /cannot be set/);
});

test('a header named __proto__ is only data', () => {
  const headers = JSON.parse('{"__proto__":"x","a":"1"}');
  assert.equal(({} as { polluted?: string }).polluted, undefined);
  assert.equal(hooksOf({ hooks: 'https://a.example/', headers })[0]?.headers['a'], '1');
});
