import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { LogEntry, LogWriter } from '../core/event-log.ts';
import type { AcceptedMeta } from '../core/records.ts';
import { ManualClock } from '../core/testing/manual-clock.ts';
import { openMemoryLogEngine } from '../storage/log/memory/open-memory-log-engine.ts';
import { partitionOf } from './partition-of.ts';
import { startIngest } from './testing/ingest-rig.ts';

const count = 4;

async function start(
  context: TestContext,
  isFailing: (partition: number) => boolean = () => false,
) {
  const partitions: LogEntry[][] = Array.from({ length: count }, () => []);
  const writers = partitions.map((entries, partition): LogWriter => {
    const append = async (added: readonly LogEntry[]) => {
      assert.ok(!isFailing(partition), 'the partition fails');
      return entries.push(...added);
    };
    return { end: 0, mark: 0, append, close: async () => undefined };
  });
  const engine = await openMemoryLogEngine({ clock: new ManualClock() });
  const rig = await startIngest(context, engine, { writers });
  return { rig, partitions };
}

const item = (anonymousId: string, more: object = {}) => ({ type: 'page', anonymousId, ...more });
const of = (anonymousId: string) => partitionOf('src', { anonymousId }, count);
const visitors = Array.from({ length: 40 }, (_, index) => `visitor-${index}-ü`);

test('the partition follows the anonymousId, also once the visitor is identified, else the userId', () => {
  const visitor = { anonymousId: 'a' };
  assert.equal(partitionOf('s', visitor, 64), partitionOf('s', { ...visitor, userId: 'u' }, 64));
  const user = { userId: 'u' };
  assert.equal(partitionOf('s', user, 64), partitionOf('s', { ...user, anonymousId: null }, 64));
  assert.notEqual(partitionOf('s', user, 64), partitionOf('other', user, 64));
  assert.equal(new Set(visitors.map(of)).size, count);
});

test('the hash never changes: events in the log depend on it', () => {
  assert.equal(partitionOf('src', { anonymousId: 'visitor' }, 1_000_003), 628_583);
});

test('a batch is split by partition, each part with the envelope and its items in order', async (context) => {
  const { rig, partitions } = await start(context);
  const batch = visitors.map((visitor, index) => item(visitor, index === 3 ? { type: 'x' } : {}));
  const sentAt = '2026-11-20T10:00:00.000Z';
  const answer = await rig.post('/v1/batch', { batch, sentAt, context: { app: 'ä' }, junk: 1 });
  assert.equal(answer.status, 200);
  const nonces = new Set<string>();
  for (const [partition, [entry, ...more]] of partitions.entries()) {
    assert.ok(entry);
    assert.equal(more.length, 0);
    const { batch: part, ...envelope } = JSON.parse(Buffer.from(entry.body).toString());
    assert.deepEqual(
      part.map(({ anonymousId }: { anonymousId: string }) => anonymousId),
      visitors.filter((visitor) => of(visitor) === partition),
    );
    assert.deepEqual(envelope, { context: { app: 'ä' }, sentAt });
    const meta = JSON.parse(entry.meta) as AcceptedMeta;
    nonces.add(meta.nonce ?? '');
    const refused = meta.refused?.map(([index]) => part[index].type);
    assert.deepEqual(refused, of('visitor-3-ü') === partition ? ['x'] : undefined);
  }
  assert.equal(nonces.size, count);
});

test('a request that touches one partition is stored as it came', async (context) => {
  const { rig, partitions } = await start(context);
  const text = `{ "batch": [${JSON.stringify(item('ü'))}] }`;
  await rig.post('/v1/batch', text);
  await rig.post('/v1/page', ` ${JSON.stringify(item('ü'))}`);
  const entries = partitions[of('ü')] ?? [];
  assert.deepEqual(
    entries.map(({ body }) => Buffer.from(body).toString()),
    [text, ` ${JSON.stringify(item('ü'))}`],
  );
});

test('when one touched partition fails the whole request is 503', async (context) => {
  const { rig } = await start(context, (partition) => partition === 2);
  const batch = visitors.map((visitor) => item(visitor));
  assert.equal((await rig.post('/v1/batch', { batch })).status, 503);
  const elsewhere = visitors.find((visitor) => of(visitor) !== 2) ?? '';
  assert.equal((await rig.post('/v1/batch', { batch: [item(elsewhere)] })).status, 200);
});
