import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseKafkaUrl } from './kafka-url.ts';

test('brokers alone are enough; the rest has its defaults', () => {
  assert.deepEqual(parseKafkaUrl('kafka://one:9093,two'), {
    brokers: ['one:9093', 'two:9092'],
    prefix: 'tributary',
    partitions: 8,
    replication: 3,
    tls: undefined,
    sasl: undefined,
  });
});

test('prefix, partitions, replicas, user and password are read, percent-encoding undone', () => {
  const url = 'kafka://al%40ice:p%2Fw%3Ad@one/eu.prod?partitions=24&replication=1&sasl=plain';
  const { prefix, partitions, replication, sasl, tls } = parseKafkaUrl(url);
  assert.deepEqual(
    { prefix, partitions, replication, tls },
    {
      prefix: 'eu.prod',
      partitions: 24,
      replication: 1,
      tls: undefined,
    },
  );
  assert.deepEqual(sasl, { mechanism: 'PLAIN', username: 'al@ice', password: 'p/w:d' });
});

test('a user without a mechanism has the strongest', () => {
  assert.equal(parseKafkaUrl('kafka://a:b@one').sasl?.mechanism, 'SCRAM-SHA-512');
});

test('a certificate that is named is read, and switches TLS on', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-kafka-url-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const ca = join(folder, 'ca.pem');
  writeFileSync(ca, 'PEM');
  assert.deepEqual(parseKafkaUrl(`kafka://one?ca=${ca}`).tls, { ca: 'PEM' });
  assert.deepEqual(parseKafkaUrl('kafka://one?tls=on').tls, {});
  assert.equal(parseKafkaUrl('kafka://one?tls=off').tls, undefined);
});

const wrong = {
  'kafka://': /form/,
  'kafka://one:0': /broker "one:0"/,
  'kafka://one:99999': /broker/,
  'kafka://one,,two': /broker ""/,
  'kafka://one/a b': /prefix "a b"/,
  'kafka://one?partition=8': /no parameter "partition"/,
  'kafka://one?partitions=0': /partitions=0/,
  'kafka://one?partitions=many': /partitions=many/,
  'kafka://one?replication=1.5': /replication=1.5/,
  'kafka://one?tls=yes': /tls=yes/,
  'kafka://one?ca=/no/such/file': /ca=\/no\/such\/file/,
  'kafka://one?sasl=plain': /sasl but no user/,
  'kafka://a:s3cret@one?sasl=md5': /sasl=md5/,
  'kafka://a:s3cret%zz@one': /percent/,
};

for (const [url, message] of Object.entries(wrong)) {
  test(`${url} is refused with what is wrong`, () => {
    assert.throws(
      () => parseKafkaUrl(url),
      (error: Error) => {
        assert.match(error.message, /^TRIBUTARY_LOG: /);
        assert.match(error.message, message);
        assert(!error.message.includes('s3cret'));
        return 'code' in error && error.code === 'config_invalid';
      },
    );
  });
}
