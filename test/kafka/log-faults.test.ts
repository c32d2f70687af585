import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { systemClock } from '../../src/core/clock.ts';
import { TributaryError } from '../../src/core/errors.ts';
import type { LogEngine, LogEntry, LogReader } from '../../src/core/event-log.ts';
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

const open = (url: string) => openKafkaLogEngine({ url, clock: systemClock, logger: silentLogger });

async function withEngines(
  count: number,
  run: (...engines: readonly LogEngine[]) => Promise<void>,
): Promise<void> {
  const url = kafka.url('partitions=2');
  const engines = [];
  for (let index = 0; index < count; index++) engines.push(await open(url));
  try {
    await run(...engines);
  } finally {
    await Promise.all(engines.map((engine) => engine.close()));
  }
}

function entry(text: string): LogEntry {
  return { kind: 2, source: 's', meta: '{}', body: Buffer.from(text) };
}

async function textsOf(reader: LogReader): Promise<string[]> {
  const texts: string[] = [];
  for (let from = 0; ; ) {
    const { records, next } = await reader.read(from);
    texts.push(...records.map(({ body }) => body.toString()));
    if (next === from) return texts;
    from = next;
  }
}

test('a broker that is killed and started again while two writers append loses, doubles and disorders nothing', async () => {
  await withEngines(1, async (engine) => {
    const { writer } = await engine.openWriter('events', 0);
    const accepted = (await engine.openWriter('accepted', 1)).writer;
    const written: { events: string[]; accepted: string[] } = { events: [], accepted: [] };
    const refused = new Set<string>();
    let isDone = false;
    const load = async (log: 'events' | 'accepted', lane: number) => {
      const to = log === 'events' ? writer : accepted;
      for (let count = 0; !isDone; count++) {
        const text = `${lane} ${count}`;
        try {
          await to.append([entry(text)], log === 'events' ? { mark: 1 } : {});
          written[log].push(text);
        } catch (error) {
          // A client would be told so, and send it again.
          assert(log === 'accepted' && error instanceof TributaryError);
          refused.add(text);
        }
      }
    };
    const loads = [0, 1, 2, 3].flatMap((lane) => [load('events', lane), load('accepted', lane)]);
    await eventually('something is written', () => written.events.length > 100);
    await broker.stop('SIGKILL');
    await broker.start();
    const before = written.events.length;
    await eventually('it goes on', () => written.events.length > before + 100);
    isDone = true;
    await Promise.all(loads);
    for (const log of ['events', 'accepted'] as const) {
      const reader = await engine.openReader(log, log === 'events' ? 0 : 1);
      const texts = await textsOf(reader);
      assert.equal(new Set(texts).size, texts.length, 'nothing is doubled');
      const acknowledged = texts.filter((text) => log === 'events' || !refused.has(text));
      assert.deepEqual(acknowledged.toSorted(), written[log].toSorted());
      for (const lane of [0, 1, 2, 3]) {
        const counts = texts
          .filter((text) => text.startsWith(`${lane} `))
          .map((text) => +text.slice(2));
        const inOrder = counts.toSorted((a, b) => a - b);
        assert.deepEqual(counts, inOrder, 'the order of each appender holds');
      }
    }
  });
});

test('a writer whose partition another node has taken over writes nothing more, and the mark stays', async () => {
  await withEngines(2, async (first, second) => {
    const paused = (await first.openWriter('events', 1)).writer;
    await paused.append([entry('a')], { mark: 5 });
    const taken = (await second.openWriter('events', 1)).writer;
    assert.equal(taken.mark, 5);
    await assert.rejects(paused.append([entry('late')], { mark: 6 }), { code: 'log_fenced' });
    await assert.rejects(paused.append([entry('later')], { mark: 7 }), { code: 'log_fenced' });
    await taken.append([entry('b')], { mark: 8 });
    const reader = await first.openReader('events', 1);
    assert.deepEqual(await textsOf(reader), ['a', 'b']);
    assert.equal(await reader.mark(), 8);
  });
});

test('every node may append to accepted, and a reader that waits is told of what another node wrote', async () => {
  await withEngines(2, async (first, second) => {
    const one = (await first.openWriter('accepted', 0)).writer;
    const two = (await second.openWriter('accepted', 0)).writer;
    await one.append([entry('1')]);
    const reader = await first.openReader('accepted', 0);
    const { next } = await reader.read(0);
    const waiting = reader.wait(next, AbortSignal.timeout(10_000));
    await two.append([entry('2')]);
    assert.equal(await waiting, true);
    await one.append([entry('3')]);
    assert.deepEqual(await textsOf(reader), ['1', '2', '3']);
  });
});

test('while the brokers are away an append is refused in time, there is no room, and it passes by itself', async () => {
  await withEngines(1, async (engine) => {
    const { writer } = await engine.openWriter('accepted', 0);
    await writer.append([entry('before')]);
    assert.equal(engine.hasRoom(), true);
    await broker.stop();
    const refused = assert.rejects(writer.append([entry('lost')]), { code: 'log_unavailable' });
    await eventually('there is no room', () => !engine.hasRoom());
    await refused;
    await broker.start();
    await eventually('there is room again', () => engine.hasRoom());
    await writer.append([entry('after')]);
    const texts = await textsOf(await engine.openReader('accepted', 0));
    assert.equal(texts[0], 'before');
    assert.equal(texts.at(-1), 'after');
  });
});

test('closing does not wait for brokers that are away', async () => {
  const engine = await open(kafka.url('partitions=1'));
  const { writer } = await engine.openWriter('events', 0);
  await broker.stop();
  try {
    const refused = assert.rejects(writer.append([entry('a')], { mark: 1 }), {
      code: 'log_unavailable',
    });
    await engine.close();
    await refused;
  } finally {
    await broker.start();
  }
});
