import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TributaryError } from '../core/errors.ts';
import type { LogEntry, LogWriter } from '../core/event-log.ts';
import { limits } from '../core/limits.ts';
import { silentLogger } from '../core/logger.ts';
import { type DiscardMeta, type EventMeta, recordKinds } from '../core/records.ts';
import type { StateStore } from '../core/state.ts';
import type { WorkTables } from '../core/tables/work-tables.ts';
import { ManualClock } from '../core/testing/manual-clock.ts';
import type { CountedCommit, CountedDiscard, CountedEvent } from '../core/usage/usage.ts';
import { openMemoryLogEngine } from '../storage/log/memory/open-memory-log-engine.ts';
import { freshStores } from '../storage/testing/fresh-stores.ts';
import { type RunningProcessUsage, startProcessUsage } from './process-usage.ts';
import { countsIn, usersIn } from './testing/usage-rows.ts';

const start = Date.UTC(2026, 10, 20, 10);

interface Item {
  readonly event?: string;
  readonly userId?: string;
  readonly anonymousId?: string;
  /** Sent again, and counted before. */
  readonly counted?: boolean;
  /** Becomes a discard. */
  readonly bad?: boolean;
  readonly t?: number;
}

/** The log `events` in memory, written as process does, with counting beside it. */
class UsageRig {
  readonly clock = new ManualClock(start);
  readonly #stores = freshStores();
  readonly #engine = openMemoryLogEngine({ clock: this.clock });
  #input = 1;
  #log: LogWriter | undefined;
  #store: StateStore<WorkTables> | undefined;
  #usage: RunningProcessUsage | undefined;

  get db() {
    assert(this.#store !== undefined);
    return this.#store.db;
  }

  async start(): Promise<this> {
    const engine = await this.#engine;
    this.#log ??= (await engine.openWriter('events', 0)).writer;
    this.#store = await this.#stores.openWork();
    const lease = await this.#store.leases.take('process/0');
    this.#usage = startProcessUsage({
      ...{ partition: 0, store: this.#store, lease, clock: this.clock, logger: silentLogger },
      reader: await engine.openReader('events', 0),
      end: this.#log.end,
      mark: this.#log.mark,
      inputRepeats: true,
    });
    await this.clock.advanceSettling(0);
    return this;
  }

  /** One commit; told to whoever counts, unless process dies right after it. */
  async commit(
    items: readonly Item[],
    { repeated = 0, told = true }: { repeated?: number; told?: boolean } = {},
  ): Promise<void> {
    const log = this.#log;
    assert(log !== undefined);
    const input = this.#input++;
    const events: CountedEvent[] = [];
    const discards: CountedDiscard[] = [];
    const entries = items.map((item, n) => this.#entry(item, n, input, events, discards));
    await log.append(entries, { mark: input + 1 });
    if (!told) return;
    const commit: CountedCommit = {
      events: [...events, ...events.slice(0, repeated)],
      admitted: events.map((_, index) => index),
      repeated: events.slice(0, repeated).map((_, index) => events.length + index),
      discards,
      unlogged: [],
      end: log.end,
      mark: input + 1,
    };
    this.#usage?.committed(commit);
  }

  /** Until what was told is in the tables. */
  fold(): Promise<void> {
    return this.clock.advanceSettling(limits.usageFoldMs);
  }

  /** What functions have written to the log: nobody tells of it. `input`: long ago. */
  async returned(items: readonly Item[]): Promise<void> {
    assert(this.#log !== undefined);
    this.#usage?.returning();
    const entries = items.map((item, n) => this.#entry(item, n, 0, [], []));
    const staged = entries.map(({ meta, ...entry }) => ({
      ...entry,
      meta: JSON.stringify({ ...JSON.parse(meta), staged: true }),
    }));
    await this.#log.append(staged);
  }

  /** As a killed process leaves everything. */
  async crash(): Promise<void> {
    await this.#store?.close();
    this.#usage = undefined;
  }

  async stop(): Promise<void> {
    await this.#usage?.stop();
    await this.#store?.close();
  }

  #entry(
    { event = 'E', bad, counted, t = this.clock.now(), userId, anonymousId }: Item,
    n: number,
    input: number,
    events: CountedEvent[],
    discards: CountedDiscard[],
  ): LogEntry {
    const type = 'track';
    if (bad) {
      const code = 'event_not_string';
      discards.push({ source: 's', t, code, type, name: event, count: 1 });
      const id = `0-${input.toString(36)}-${n}-${code}`;
      const meta: DiscardMeta = { id, stage: 'ingest', code, t, message: '', type, event };
      const body = new Uint8Array();
      return { kind: recordKinds.discard, source: 's', meta: JSON.stringify(meta), body };
    }
    const again = counted && ({ isAgain: true } as const);
    const ids = { userId, anonymousId };
    events.push({ source: 's', t, type, name: event, version: '1.0', ...ids, ...again });
    const meta: EventMeta = {
      ...{ i: input, n, t, type, id: `${input}-${n}` },
      ...(userId !== undefined && { u: userId }),
      ...(anonymousId !== undefined && { a: anonymousId }),
      ...(counted && { counted }),
    };
    const body = JSON.stringify({ event, context: { app: { version: '1.0' } } });
    return {
      kind: recordKinds.event,
      source: 's',
      meta: JSON.stringify(meta),
      body: Buffer.from(body),
    };
  }
}

test('events, discards and repetitions are counted in minutes, hours and days, with who was seen', async () => {
  const rig = await new UsageRig().start();
  await rig.commit([
    { event: 'A', userId: 'u1', anonymousId: 'a1' },
    { event: 'A', anonymousId: 'a2' },
    { bad: true },
  ]);
  await rig.commit([{ event: 'B', userId: 'u1', t: start + 61_000 }], { repeated: 1 });
  await rig.fold();
  const expected = {
    'event track A': 2,
    'event track B': 1,
    'discard track E event_not_string': 1,
    'discard track B duplicate': 1,
  };
  for (const span of ['minute', 'hour', 'day'] as const) {
    assert.deepEqual(await countsIn(rig.db, span), expected);
  }
  const minutes = await rig.db.selectFrom('usage_count').where('span', '=', 'minute');
  assert.equal((await minutes.selectAll().execute()).length, 2);
  assert.deepEqual(await usersIn(rig.db), { users: 1, anonymous: 2, identified: 1 });
  await rig.stop();
});

test('what was not written before a crash is counted from the log, once', async () => {
  const rig = await new UsageRig().start();
  await rig.commit([{ event: 'A' }]);
  await rig.fold();
  await rig.commit([{ event: 'A', userId: 'u' }, { bad: true }]);
  await rig.commit([{ event: 'B' }], { told: false });
  await rig.crash();
  await rig.start();
  await rig.commit([{ event: 'A' }]);
  await rig.fold();
  const expected = {
    'event track A': 3,
    'event track B': 1,
    'discard track E event_not_string': 1,
  };
  assert.deepEqual(await countsIn(rig.db), expected);
  assert.deepEqual(await usersIn(rig.db), { users: 1, anonymous: 0, identified: 0 });
  await rig.crash();
  await rig.start();
  await rig.fold();
  assert.deepEqual(await countsIn(rig.db), expected);
  await rig.stop();
});

test('what is sent again, and was counted when it came, is counted neither at once nor from the log', async () => {
  const rig = await new UsageRig().start();
  await rig.commit([{ event: 'A' }, { event: 'A', counted: true }]);
  await rig.fold();
  await rig.commit([{ event: 'A', counted: true }], { told: false });
  await rig.crash();
  await rig.start();
  await rig.fold();
  assert.deepEqual(await countsIn(rig.db), { 'event track A': 1 });
  await rig.stop();
});

test('what comes back from functions, or is given up there, is counted once, through crashes', async () => {
  const rig = await new UsageRig().start();
  const expected = {
    'event track A': 0,
    'event track F': 0,
    'discard track E event_not_string': 0,
  };
  for (let round = 0; round < 12; round++) {
    const told = round % 4 !== 3;
    await rig.commit([{ event: 'A' }]);
    await rig.returned([{ event: 'F', userId: `u${round}` }, { bad: true }]);
    if (round % 2 === 0) await rig.fold();
    await rig.returned([{ event: 'F' }]);
    // In the log before process can tell: nothing may be counted past it.
    await rig.commit([{ event: 'A' }], { told });
    await rig.returned([{ event: 'F' }]);
    if (round % 3 === 0) await rig.fold();
    expected['event track A'] += 2;
    expected['event track F'] += 3;
    expected['discard track E event_not_string'] += 1;
    if (told && round % 3 !== 0) continue;
    await rig.crash();
    await rig.start();
    await rig.fold();
    assert.deepEqual(await countsIn(rig.db), expected, `round ${round}`);
  }
  await rig.returned([{ event: 'F' }]);
  await rig.fold();
  expected['event track F'] += 1;
  assert.deepEqual(await countsIn(rig.db), expected);
  assert.deepEqual(await usersIn(rig.db), { users: 12, anonymous: 0, identified: 0 });
  await rig.stop();
});

test('crashes at any moment neither lose nor double an event', async () => {
  const rig = await new UsageRig().start();
  let sent = 0;
  for (let round = 0; round < 12; round++) {
    for (let n = 0; n <= round % 4; n++) {
      await rig.commit([{ event: 'A' }, { event: `n${n}` }], { told: (round + n) % 3 !== 0 });
      sent += 2;
      if ((round + n) % 3 === 0) break;
      if (n % 2 === 0) await rig.clock.advanceSettling(limits.usageFoldMs / (1 + (round % 3)));
    }
    await rig.crash();
    await rig.start();
  }
  await rig.fold();
  const counts = Object.values(await countsIn(rig.db));
  assert.equal(
    counts.reduce((sum, count) => sum + count, 0),
    sent,
  );
  await rig.stop();
});

test('what stops in order has written everything', async () => {
  const rig = await new UsageRig().start();
  await rig.commit([{ event: 'A' }]);
  await rig.stop();
  await rig.start();
  assert.deepEqual(await countsIn(rig.db), { 'event track A': 1 });
  await rig.stop();
});

test('where nothing was ever counted, counting begins at the end of the log', async () => {
  const rig = new UsageRig();
  await rig.start();
  await rig.db.deleteFrom('usage_position').execute();
  await rig.commit([{ event: 'old' }], { told: false });
  await rig.crash();
  await rig.start();
  await rig.commit([{ event: 'new' }]);
  await rig.fold();
  assert.deepEqual(await countsIn(rig.db), { 'event track new': 1 });
  await rig.stop();
});

test('while the database takes nothing, nothing is lost: it is counted from the log afterwards', async () => {
  const rig = await new UsageRig().start();
  await rig.commit([{ event: 'A' }]);
  const { db } = rig;
  const { transaction } = db;
  db.transaction = () => {
    throw new TributaryError('store_failed', 'No database');
  };
  await rig.fold();
  await rig.commit([{ event: 'A' }, { bad: true }]);
  await rig.fold();
  db.transaction = transaction;
  await rig.commit([{ event: 'B' }]);
  await rig.fold();
  await rig.fold();
  assert.deepEqual(await countsIn(db), {
    'event track A': 2,
    'event track B': 1,
    'discard track E event_not_string': 1,
  });
  await rig.stop();
});

test('counts go when their time is over: minutes after two days, hours after 90, days after two years', async () => {
  const rig = await new UsageRig().start();
  await rig.commit([{ event: 'A', userId: 'u' }]);
  await rig.fold();
  const rows = async () => ({
    minute: Object.values(await countsIn(rig.db, 'minute')),
    hour: Object.values(await countsIn(rig.db, 'hour')),
    day: Object.values(await countsIn(rig.db, 'day')),
    users: (await usersIn(rig.db))['users'],
  });
  const day = 86_400_000;
  const later = async (days: number) => {
    await rig.stop();
    rig.clock.advance(days * day);
    await rig.start();
    return rows();
  };
  assert.deepEqual(await later(2), { minute: [1], hour: [1], day: [1], users: 1 });
  assert.deepEqual(await later(1), { minute: [], hour: [1], day: [1], users: 1 });
  assert.deepEqual(await later(88), { minute: [], hour: [], day: [1], users: 1 });
  assert.deepEqual(await later(310), { minute: [], hour: [], day: [1], users: 0 });
  assert.deepEqual(await later(331), { minute: [], hour: [], day: [], users: 0 });
  await rig.stop();
});

test('a flood of names is bounded, and its sum exact', async () => {
  const rig = await new UsageRig().start();
  for (let round = 0; round < 5; round++) {
    const names = Array.from({ length: 1_000 }, (_, n) => ({ event: `name ${round} ${n}` }));
    await rig.commit([...names, { event: 'common' }, { event: 'common' }]);
    await rig.fold();
  }
  const counts = await countsIn(rig.db, 'day');
  assert.ok(Object.keys(counts).length <= 2 * limits.countedNames + 1);
  assert.equal(
    Object.values(counts).reduce((sum, count) => sum + count, 0),
    5 * 1_002,
  );
  assert.equal(counts['event track common'], 10);
  assert.ok((counts['event track (other)'] ?? 0) > 4_000);
  await rig.stop();
});
