import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Offset } from '../core/event-log.ts';
import { random as seeded } from '../core/testing/random.ts';
import { standardRetryTimes } from './lane/retry-schedule.ts';
import { connection, DeliverRig, type PlainEvent, type Reply } from './testing/deliver-rig.ts';

const urls = ['http://one/', 'http://two/'];
const seeds = Array.from({ length: 12 }, (_, index) => 1_000 + index);

interface Known {
  readonly id: string;
  readonly keys: ReadonlySet<string>;
  readonly offset: Offset;
}

/** What one target has seen, and the rules it must have seen hold. */
class Target {
  readonly finals = new Set<string>();
  readonly arrived = new Set<string>();
  readonly committed = new Set<string>();
  readonly broken: string[] = [];
  duplicates = 0;

  /** Notes what is wrong: a throw here would count as a failure of the far end. */
  arrive(event: Known, earlier: readonly Known[]): void {
    if (this.committed.has(event.id)) this.broken.push(`${event.id} sent again after its commit`);
    if (this.arrived.has(event.id)) {
      if (this.finals.has(event.id)) this.duplicates += 1;
      return;
    }
    this.arrived.add(event.id);
    for (const other of earlier) {
      if (other.offset >= event.offset || !sharesKey(other, event)) continue;
      if (!this.finals.has(other.id)) this.broken.push(`${event.id} overtook ${other.id}`);
    }
  }
}

function sharesKey(one: Known, other: Known): boolean {
  return [...one.keys].some((key) => other.keys.has(key));
}

for (const seed of seeds) {
  test(`every event is delivered or discarded, in order per key, across failures and crashes (seed ${seed})`, async () => {
    const random = seeded(seed).next;
    const below = (most: number) => Math.floor(random() * most);
    const rig = new DeliverRig({
      random,
      laneLimits: {
        concurrency: 1 + below(8),
        parkedEvents: 5 + below(60),
        windowEvents: 2 + below(30),
        retry: { ...standardRetryTimes, mostMs: 5_000 },
      },
    });
    const known = new Map<string, Known>();
    const targets = new Map(urls.map((url) => [url, new Target()]));
    const failing = new Map(urls.map((url) => [url, random() * 0.6]));
    rig.answering = async ({ url, body }): Promise<Reply> => {
      const event = known.get(JSON.parse(String(body)).messageId);
      const target = targets.get(url);
      assert.ok(event !== undefined && target !== undefined);
      target.arrive(event, [...known.values()]);
      const chance = random();
      if (random() < 0.5) await rig.clock.sleep(below(400));
      if (chance < (failing.get(url) ?? 0)) {
        return random() < 0.5 ? 503 : { failure: 'network', message: 'reset' };
      }
      target.finals.add(event.id);
      return random() < 0.1 ? 400 : 200;
    };
    await rig.start();
    await rig.configure({ connections: [connection({ settings: { hooks: urls } })] });

    const append = async (count: number) => {
      const events: PlainEvent[] = [];
      for (let n = 0; n < count; n += 1) {
        const user = below(6);
        events.push({
          id: `e${known.size + n}`,
          a: `anonymous${below(2) === 0 ? user : below(6)}`,
          ...(random() < 0.5 && { u: `user${user}` }),
          ...(random() < 0.1 && { p: `anonymous${below(6)}` }),
        });
      }
      const first = await rig.append(...events);
      for (const [n, { id, u, a, p }] of events.entries()) {
        const keys = new Set([u, a, p].filter((key) => key !== undefined));
        known.set(id, { id, keys, offset: first + n });
      }
    };

    for (let step = 0; step < 40; step += 1) {
      if (random() < 0.7) await append(1 + below(8));
      await rig.clock.advance(below(300));
      if (random() >= 0.2) continue;
      // Dies at some await: of a commit, a send, a read.
      const turns = below(60);
      void rig.clock.advance(below(200));
      for (let turn = 0; turn < turns; turn += 1) await null;
      await rig.crash();
      await rig.start();
      await noteCommitted(rig, targets, known);
    }
    for (const url of urls) failing.set(url, 0);
    await rig.clock.advance(600_000);

    const rejected = (await rig.results()).filter(({ code }) => code === 'message_rejected');
    for (const [url, target] of targets) {
      const missing = [...known.keys()].filter((id) => !target.finals.has(id));
      assert.deepEqual(missing, [], `not delivered to ${url}`);
      assert.deepEqual(target.broken, [], url);
    }
    assert.ok(rejected.length > 0);
    const { lanes } = rig.deliver.state();
    assert.ok(Array.isArray(lanes));
    for (const lane of lanes) assert.equal(lane.parked, 0);
    const rows = await rig.store.db.selectFrom('parked').selectAll().execute();
    assert.deepEqual(rows, []);
    await rig.stop();
  });
}

/** After a crash: what the store says is finished must never be sent again. */
async function noteCommitted(
  rig: DeliverRig,
  targets: ReadonlyMap<string, Target>,
  known: ReadonlyMap<string, Known>,
): Promise<void> {
  const { lanes } = rig.deliver.state();
  assert.ok(Array.isArray(lanes));
  const cursors = await rig.store.db.selectFrom('cursor').selectAll().execute();
  const parked = await rig.store.db.selectFrom('parked').selectAll().execute();
  for (const [index, target] of [...targets.values()].entries()) {
    const lane = lanes[index]?.lane;
    const cursor = cursors.find((row) => row.lane === lane);
    const rows = new Set(parked.filter((row) => row.lane === lane).map(({ position }) => position));
    for (const { id, offset } of known.values()) {
      if (cursor === undefined || offset >= cursor.position || rows.has(offset)) continue;
      assert.ok(target.finals.has(id), `${id} was passed without being finished`);
      target.committed.add(id);
    }
  }
}
