import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Clock, systemClock } from '../../core/clock.ts';
import type { LogEntry, Offset } from '../../core/event-log.ts';
import { limits } from '../../core/limits.ts';
import { silentLogger } from '../../core/logger.ts';
import { recordKinds } from '../../core/records.ts';
import { openMemoryLogEngine } from '../../storage/log/memory/open-memory-log-engine.ts';
import { type InputRetentionOptions, trimInput } from './input-retention.ts';
import { type OutputRetentionOptions, outputTrimmer } from './output-retention.ts';

const hour = 3_600_000;

function entry(kind: number, source: string, body: string): LogEntry {
  return { kind, source, meta: body.slice(0, 20), body: Buffer.from(body) };
}

/** Logs in memory at a time that the test sets, and one pass of retention over them. */
async function open() {
  let now = 1_000 * hour;
  const clock: Clock = { ...systemClock, now: () => now };
  const engine = await openMemoryLogEngine({ clock });
  const writer = async (log: 'accepted' | 'staged' | 'events' | 'results' | 'discards') =>
    (await engine.openWriter(log, 0)).writer;
  const logs = {
    accepted: await writer('accepted'),
    staged: await writer('staged'),
    events: await writer('events'),
    results: await writer('results'),
    discards: await writer('discards'),
  };
  const trimmed: Offset[] = [];
  const warnings: string[] = [];
  const errors: string[] = [];
  const options: OutputRetentionOptions & InputRetentionOptions = {
    engine,
    partition: 0,
    events: await engine.openReader('events', 0),
    discards: logs.discards,
    clock,
    logger: {
      ...silentLogger,
      warn: (_fields, message) => warnings.push(message),
      error: (_fields, message) => errors.push(message),
    },
    eventsMs: 10 * hour,
    eventsBytes: 1_000_000_000,
    outcomesBytes: 1_000_000_000,
    needs: () => ({ accepted: 0, seen: 0 }),
    staged: {
      neededFrom: () => undefined,
      onTrim: (start) => trimmed.push(start),
      mostMs: 10 * hour,
      mostBytes: 1_000_000_000,
    },
    eventsNeededFrom: () => Number.MAX_SAFE_INTEGER,
    onEventsTrimmed: (start) => trimmed.push(start),
  };
  return {
    logs,
    trimmed,
    warnings,
    errors,
    pass: async (hours: number, changed: Partial<typeof options> = {}) => {
      now += hours * hour;
      await trimInput({ ...options, ...changed });
      await outputTrimmer({ ...options, ...changed })();
    },
    bodies: async (log: keyof typeof logs) => {
      const { records } = await (await engine.openReader(log, 0)).read(0, { maxBytes: 1e9 });
      return records.map(({ body }) => body.toString());
    },
  };
}

describe('retention', () => {
  it('deletes what waits for functions behind what is needed, and what is too old whatever waits', async () => {
    const { logs, pass, bodies, trimmed } = await open();
    await logs.staged.append([entry(recordKinds.event, 's', 'done')]);
    const waits = await logs.staged.append([entry(recordKinds.event, 's', 'waits')]);
    await logs.staged.append([entry(recordKinds.event, 's', 'last')]);
    const staged = {
      neededFrom: () => waits,
      onTrim: (start: Offset) => trimmed.push(start),
      mostMs: 10 * hour,
      mostBytes: 1_000_000_000,
    };
    await pass(1, { staged });
    assert.deepEqual(await bodies('staged'), ['waits', 'last']);
    await pass(1, { staged: { ...staged, neededFrom: () => undefined } });
    assert.deepEqual(await bodies('staged'), ['waits', 'last']);
    await pass(10, { staged });
    assert.deepEqual(await bodies('staged'), ['last']);
    assert.ok(trimmed.some((start) => start > waits));
  });

  it('deletes the oldest outcomes beyond their size, whatever their age, and says so', async () => {
    const { logs, pass, bodies, warnings } = await open();
    for (const body of ['oldest', 'middle', 'newest']) {
      await logs.results.append([entry(recordKinds.delivered, 's', body)]);
      await pass(0);
    }
    assert.equal((await bodies('results')).length, 3);
    assert.deepEqual(warnings, []);
    await pass(0, { outcomesBytes: 0 });
    assert.ok((await bodies('results')).length < 3);
    assert.match(warnings[0] ?? '', /too much space/);
  });

  it('deletes accepted only behind what process still needs', async () => {
    const { logs, pass, bodies } = await open();
    await logs.accepted.append([entry(recordKinds.request, 's', 'done')]);
    const needed = await logs.accepted.append([entry(recordKinds.request, 's', 'needed')]);
    await pass(1_000, { needs: () => ({ accepted: needed, seen: 0 }) });
    assert.deepEqual(await bodies('accepted'), ['needed']);
  });

  it('deletes events by age whatever the cursors say, and tells deliver where they begin', async () => {
    const { logs, pass, bodies, trimmed } = await open();
    await logs.events.append([entry(recordKinds.event, 's', 'old')]);
    await pass(9);
    assert.deepEqual(await bodies('events'), ['old']);
    const young = await logs.events.append([entry(recordKinds.event, 's', 'young')]);
    await pass(2, { eventsNeededFrom: () => 0 });
    assert.deepEqual(await bodies('events'), ['young']);
    assert.equal(trimmed.length, 1);
    assert.ok(Number(trimmed[0]) <= young);
  });

  it('deletes events by size', async () => {
    const { logs, pass, bodies } = await open();
    await logs.events.append([entry(recordKinds.event, 's', 'x'.repeat(10_000))]);
    await logs.events.append([entry(recordKinds.event, 's', 'young')]);
    await pass(0, { eventsBytes: 1_000 });
    assert.deepEqual(await bodies('events'), ['young']);
  });

  it('keeps the discards of events that it deletes, each once, for 30 days', async () => {
    const { logs, pass, bodies } = await open();
    await logs.events.append([
      entry(recordKinds.event, 's', 'old'),
      entry(recordKinds.discard, 's', 'refused'),
    ]);
    await logs.events.append([entry(recordKinds.event, 's', 'last')]);
    await pass(11);
    await pass(0);
    assert.deepEqual(await bodies('discards'), ['refused']);
    await pass(31 * 24);
    await logs.discards.append([entry(recordKinds.discard, 's', 'young')]);
    await pass(0);
    assert.deepEqual(await bodies('discards'), ['young']);
  });

  it('copies no discard of what is not deleted: it would be listed twice', async () => {
    const { logs, pass, bodies } = await open();
    await logs.events.append([entry(recordKinds.discard, 's', 'in the last unit')]);
    await pass(11);
    assert.deepEqual(await bodies('events'), ['in the last unit']);
    assert.deepEqual(await bodies('discards'), []);
  });

  it('goes on with the other logs when one cannot be trimmed', async () => {
    const { logs, pass, bodies, errors } = await open();
    await logs.events.append([entry(recordKinds.event, 's', 'old')]);
    await logs.events.append([entry(recordKinds.event, 's', 'young')]);
    await pass(11, { needs: () => assert.fail('the disk says no') });
    assert.deepEqual(await bodies('events'), ['young']);
    assert.equal(errors.length, 2);
  });

  it('keeps reason and count, not the payload, of discards beyond the quota of their source', async () => {
    const { logs, pass, bodies } = await open();
    const large = 'x'.repeat(limits.logRecordBytes - 1_000);
    const count = Math.ceil(limits.discardsPerSourceBytes / large.length);
    const entries = Array.from({ length: count }, () => entry(recordKinds.discard, 'noisy', large));
    for (const one of entries) await logs.events.append([one]);
    await logs.events.append([entry(recordKinds.discard, 'quiet', 'kept')]);
    await logs.events.append([entry(recordKinds.event, 's', 'last')]);
    await pass(11);
    const kept = await bodies('discards');
    assert.equal(kept.length, count + 1);
    assert.equal(kept.filter((body) => body === '').length, 1);
    assert.ok(kept.includes('kept'));
    // The next pass begins with what is kept already.
    await logs.events.append([entry(recordKinds.discard, 'noisy', large)]);
    await logs.events.append([entry(recordKinds.event, 's', 'last')]);
    await pass(11);
    assert.equal((await bodies('discards')).at(-1), '');
  });

  it('warns when a cursor is 80 % of the way to losing its events', async () => {
    const { logs, pass, warnings } = await open();
    const first = await logs.events.append([entry(recordKinds.event, 's', 'waiting')]);
    await pass(7, { eventsNeededFrom: () => first });
    assert.deepEqual(warnings, []);
    await pass(2, { eventsNeededFrom: () => first });
    assert.equal(warnings.length, 1);
  });
});
