import assert from 'node:assert/strict';
import { test } from 'node:test';
import { underAttack } from './under-attack.ts';

test('clients that drip their headers or bodies hold nobody up, and are told 408 when their time is over', async (t) => {
  await underAttack(t, {
    attacks: ['slow-headers', 'slow-body'],
    isOn: (all) => all.every(({ statuses }) => (statuses['408'] ?? 0) > 0),
    after: (metric) => assert.ok(metric('requests_total', 'request_timeout') > 0),
  });
});

test('where drips take all connections, they make room for those who send', async (t) => {
  await underAttack(t, {
    attacks: ['slow-headers', 'slow-body'],
    env: { TRIBUTARY_MAX_CONNECTIONS: '500' },
    // Nothing is closed so before all are taken. Whether any is refused besides depends on who comes when.
    isOn: (_, metric) => metric('connections_closed_total', 'slow') > 0,
  });
});

test('a flood of silent connections makes room for those who send', async (t) => {
  await underAttack(t, {
    attacks: ['flood'],
    env: { TRIBUTARY_MAX_CONNECTIONS: '1000' },
    isOn: (_, metric) => metric('connections_closed_total', 'stranger') > 1_000,
    after: (metric) => assert.equal(metric('connections_refused_total', 'total'), 0),
  });
});

test('a flood from few addresses takes no more connections than these may have, and is told so', async (t) => {
  await underAttack(t, {
    attacks: ['flood'],
    env: { TRIBUTARY_MAX_CONNECTIONS_PER_ADDRESS: '50' },
    isOn: ([flood]) => (flood?.statuses['503'] ?? 0) > 1_000,
    after: (metric) => {
      assert.ok(metric('connections_refused_total', 'address') > 1_000);
      assert.ok(metric('requests_total', 'too_many_connections') > 1_000);
      assert.equal(metric('connections_closed_total'), 0);
    },
  });
});

test('gzip bombs are refused whatever they say of themselves, and leave room for honest bodies', async (t) => {
  await underAttack(t, {
    attacks: ['gzip-bombs'],
    isOn: ([bombs]) => (bombs?.statuses['400'] ?? 0) > 1_000,
    after: (metric) => assert.ok(metric('requests_total', 'payload_too_large') > 500),
  });
});

test('clients that ask for much and read nothing of it hold nobody up', async (t) => {
  await underAttack(t, {
    attacks: ['unread'],
    isOn: ([unread], metric) =>
      (unread?.open ?? 0) === 150 && metric('requests_total', 'overloaded') > 150,
  });
});

test('requests in thousands on one connection are refused beyond a bound, the control plane asked for no more', async (t) => {
  await underAttack(t, {
    attacks: ['pipeline', 'pipeline-control'],
    isOn: (_, metric) => metric('connections_closed_total', 'pipeline') > 50,
    after: (metric) => assert.ok(metric('requests_total', 'overloaded') > 1_000),
  });
});
