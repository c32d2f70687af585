import assert from 'node:assert/strict';
import { after, before, type TestContext, test } from 'node:test';
import { systemClock } from '../../src/core/clock.ts';
import type { Membership } from '../../src/core/event-log.ts';
import { silentLogger } from '../../src/core/logger.ts';
import { openKafkaLogEngine } from '../../src/storage/log/kafka/open-kafka-log-engine.ts';
import { eventually } from '../rig/eventually.ts';
import { type Broker, type Kafka, startKafka } from '../rig/kafka.ts';

let kafka: Kafka;
let broker: Broker;
before(async () => {
  kafka = await startKafka();
  const [only] = kafka.brokers;
  assert(only !== undefined);
  broker = only;
});
after(() => kafka.stop());

interface Member {
  readonly membership: Membership;
  readonly partitions: () => readonly number[];
}

async function member(t: TestContext, url: string): Promise<Member> {
  const engine = await openKafkaLogEngine({ url, clock: systemClock, logger: silentLogger });
  let assigned: readonly number[] = [];
  const membership = await engine.join('process', 'accepted', (partitions) => {
    assigned = partitions;
  });
  t.after(async () => {
    await membership.leave();
    await engine.close();
  });
  return { membership, partitions: () => assigned };
}

/** Resolves once every partition is somebody's, nobody's twice, and nobody has many more than others. */
function divided(members: readonly Member[], partitions: number): Promise<unknown> {
  const look = () => {
    const all = members.flatMap((one) => [...one.partitions()]).toSorted((a, b) => a - b);
    const counts = members.map((one) => one.partitions().length);
    const even = Math.max(...counts) - Math.min(...counts) <= 1;
    return even && all.length === partitions && all.every((value, index) => value === index);
  };
  return eventually('the partitions are divided', look, { within: 60_000, every: 100 });
}

test('partitions are divided among the nodes, anew when one comes or goes, and stay where they can', async (t) => {
  const url = kafka.url('partitions=6');
  const first = await member(t, url);
  await divided([first], 6);
  const second = await member(t, url);
  await divided([first, second], 6);
  const third = await member(t, url);
  await divided([first, second, third], 6);
  const before = new Set(first.partitions());
  await third.membership.leave();
  await divided([first, second], 6);
  const after = new Set(first.partitions());
  assert(
    [...before].every((partition) => after.has(partition)),
    'what a node had it keeps',
  );
  await first.membership.leave();
  await divided([second], 6);
});

test('the membership outlives a broker that is killed and started again', async (t) => {
  const url = kafka.url('partitions=4');
  const first = await member(t, url);
  const second = await member(t, url);
  await divided([first, second], 4);
  await broker.stop('SIGKILL');
  await broker.start();
  const third = await member(t, url);
  await divided([first, second, third], 4);
});
