import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Admin } from '@platformatic/kafka';
import { systemClock } from '../../src/core/clock.ts';
import { silentLogger } from '../../src/core/logger.ts';
import { openKafkaLogEngine } from '../../src/storage/log/kafka/open-kafka-log-engine.ts';
import { type Kafka, startKafka } from '../rig/kafka.ts';

let kafka: Kafka;
let admin: Admin;
before(async () => {
  kafka = await startKafka();
  const bootstrapBrokers = kafka.brokers.map(({ address }) => address);
  admin = new Admin({ clientId: 'test', bootstrapBrokers });
});
after(async () => {
  await admin.close();
  await kafka.stop();
});

const open = (url: string) => openKafkaLogEngine({ url, clock: systemClock, logger: silentLogger });

test('the topics are made, and keep their partitions whatever the address says later', async () => {
  const url = kafka.url('partitions=3');
  const made = await open(url);
  assert.equal(made.partitions, 3);
  await made.close();
  const again = await open(url.replace('partitions=3', 'partitions=5'));
  assert.equal(again.partitions, 3);
  await again.close();
});

test('more replicas than brokers are refused before anything is made', async () => {
  const url = kafka.url().replace('replication=1', 'replication=3');
  await assert.rejects(open(url), {
    code: 'config_invalid',
    message: /replication=3 needs as many brokers, and the Kafka cluster has 1/,
  });
  const prefix = new URL(url).pathname.slice(1);
  const topics = await admin.listTopics();
  assert.deepEqual(
    topics.filter((topic) => topic.startsWith(`${prefix}.`)),
    [],
  );
});

const losing = [
  ['cleanup.policy', 'compact'],
  ['retention.ms', '604800000'],
  ['unclean.leader.election.enable', 'true'],
  ['max.message.bytes', '1048588'],
  ['message.timestamp.type', 'LogAppendTime'],
] as const;

for (const [name, value] of losing) {
  test(`a topic with ${name}=${value} is refused, by its name`, async () => {
    const url = kafka.url('partitions=1');
    const topic = `${new URL(url).pathname.slice(1)}.events`;
    const configs = [
      { name: 'retention.ms', value: '-1' },
      { name: 'max.message.bytes', value: '67108864' },
    ].filter((config) => config.name !== name);
    await admin.createTopics({
      topics: [topic],
      partitions: 1,
      replicas: 1,
      configs: [...configs, { name, value }],
    });
    await assert.rejects(open(url), {
      code: 'config_invalid',
      message: new RegExp(`${topic} has ${name}=${value}`),
    });
  });
}

test('topics with different numbers of partitions are refused', async () => {
  const url = kafka.url('partitions=2');
  await (await open(url)).close();
  const topic = `${new URL(url).pathname.slice(1)}.seen`;
  await admin.createPartitions({ topics: [{ name: topic, count: 4 }] });
  await assert.rejects(open(url), { code: 'config_invalid', message: /different numbers/ });
});

test('a log that ends before what others have read of it is refused', async () => {
  const engine = await open(kafka.url('partitions=1'));
  const opening = engine.openWriter('events', 0, { floor: 100 });
  await assert.rejects(opening, { code: 'log_corrupt', message: /ends at \d+ .* up to 100/ });
  await engine.close();
});
