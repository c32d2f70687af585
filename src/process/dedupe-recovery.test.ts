import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { LogEngine, LogWriter, Offset } from '../core/event-log.ts';
import type { KeySet } from '../core/key-set.ts';
import { silentLogger } from '../core/logger.ts';
import { createMemoryKeySet } from '../storage/keys/memory-key-set.ts';
import { openKeySet } from '../storage/keys/open-key-set.ts';
import { openMemoryLogEngine } from '../storage/log/memory/open-memory-log-engine.ts';
import { idsOf, type Rig, StillClock, startRig } from './testing/process-rig.ts';

const secret = Uint8Array.from({ length: 16 }, (_, n) => n);
const event = (id: string) => ({ userId: 'u', event: 'E', messageId: id });
const newKeys = async (): Promise<KeySet> => createMemoryKeySet();

interface Stand {
  readonly engine: LogEngine;
  readonly clock: StillClock;
  /** Log whose appends from now on never end, as if the process had died in them. */
  dieIn(log: 'events' | 'seen' | undefined): void;
  start(openKeys?: (committed: Offset) => Promise<KeySet>): Promise<Rig>;
  /** Ends the process without any of its last words: what it appends from now on never ends. */
  kill(): Promise<void>;
}

/** A memory log in which a process can die at a chosen append. */
async function stand(): Promise<Stand> {
  const clock = new StillClock();
  const engine = await openMemoryLogEngine({ clock });
  const opened: LogWriter[] = [];
  let dead: string | undefined;
  let life = 0;
  const dying: LogEngine = {
    ...engine,
    openWriter: async (log, partition, options) => {
      const { writer, recovery } = await engine.openWriter(log, partition, options);
      opened.push(writer);
      const born = life;
      const wrapped: LogWriter = {
        get end() {
          return writer.end;
        },
        get mark() {
          return writer.mark;
        },
        append: (entries, more) =>
          dead === log || born !== life
            ? new Promise(() => undefined)
            : writer.append(entries, more),
        close: () => writer.close(),
      };
      return { writer: wrapped, recovery };
    },
  };
  return {
    engine,
    clock,
    dieIn: (log) => {
      dead = log;
    },
    start: (openKeys = newKeys) => startRig({ engine: dying, openKeys, clock }),
    kill: async () => {
      dead = undefined;
      life++;
      for (const writer of opened.splice(0)) await writer.close();
    },
  };
}

const turns = async (count = 50) => {
  for (let n = 0; n < count; n++) await new Promise((resolve) => setImmediate(resolve));
};

test('a resend is recognised after a restart', async () => {
  const { engine, start } = await stand();
  const first = await start();
  await first.send(event('a'));
  await first.caughtUp();
  await first.stop();
  const second = await start();
  await second.send(event('a'));
  await second.send(event('b'));
  await second.caughtUp();
  await second.stop();
  assert.deepEqual(await idsOf(engine), ['a', 'b']);
});

test('killed between the commit and its record in seen, a resend is recognised', async () => {
  const { engine, start, dieIn, kill, clock } = await stand();
  const first = await start();
  dieIn('seen');
  await first.send(event('a'));
  await first.caughtUp();
  clock.advance(10_000);
  await first.send(event('b'));
  await turns();
  await kill();
  const second = await start();
  await second.send({ batch: ['a', 'b', 'c'].map((id) => ({ type: 'track', ...event(id) })) });
  await second.caughtUp();
  await second.stop();
  assert.deepEqual(await idsOf(engine), ['a', 'b', 'c']);
});

test('killed before the commit, the batch is processed again and nothing of it is a duplicate', async () => {
  const { engine, start, dieIn, kill } = await stand();
  const first = await start();
  await first.send(event('a'));
  await first.caughtUp();
  dieIn('events');
  await first.send({
    batch: [
      { type: 'track', ...event('b') },
      { type: 'track', ...event('a') },
    ],
  });
  await turns();
  await kill();
  const second = await start();
  await second.caughtUp();
  await second.stop();
  assert.deepEqual(await idsOf(engine), ['a', 'b']);
});

test('a made messageId is the same when the batch is processed again', async () => {
  const { engine, start, dieIn, kill } = await stand();
  const nonce = '00112233445566778899aabbccddeeff';
  const first = await start();
  await first.send({ userId: 'u', event: 'E' }, { nonce });
  await first.caughtUp();
  dieIn('seen');
  await kill();
  const second = await start();
  await second.send({ userId: 'u', event: 'E' }, { nonce });
  await second.caughtUp();
  await second.stop();
  assert.equal((await idsOf(engine)).length, 1);
});

test('a record of seen beyond what events has committed counts for nothing', async () => {
  const { engine, start } = await stand();
  const first = await start();
  await first.send(event('a'));
  await first.caughtUp();
  await first.stop();
  // As if `events` had lost its last commit, which `seen` knows: the key of an event never written.
  const other = await openMemoryLogEngine({ clock: new StillClock() });
  const mixed: LogEngine = {
    ...engine,
    openWriter: (log, partition, options) =>
      (log === 'events' ? other : engine).openWriter(log, partition, options),
    openReader: (log, partition) => (log === 'events' ? other : engine).openReader(log, partition),
  };
  const second = await startRig({ engine: mixed, openKeys: newKeys, clock: new StillClock() });
  await second.caughtUp();
  await second.stop();
  assert.deepEqual(await idsOf(other), ['a']);
});

test('refused items and whole discards never count as seen', async () => {
  const { engine, start } = await stand();
  const first = await start();
  const item = { type: 'track', ...event('a') };
  await first.send({ batch: [item] }, { refused: [[0, 'event_too_large']] });
  await first.send({ batch: [item] }, { discard: 'source_disabled' });
  await first.caughtUp();
  await first.stop();
  const second = await start();
  await second.send(event('a'));
  await second.caughtUp();
  await second.stop();
  assert.deepEqual(await idsOf(engine), ['a']);
});

test('without seen the ids come from accepted, and what neither holds is said', async () => {
  const { engine, start, clock } = await stand();
  const first = await start();
  await first.send(event('gone'));
  await first.caughtUp();
  const kept = first.accepted.end;
  await first.send(event('kept'));
  await first.caughtUp();
  await first.stop();
  await engine.trim('accepted', 0, kept);
  const blank = await openMemoryLogEngine({ clock });
  const withoutSeen: LogEngine = {
    ...engine,
    openWriter: (log, partition, options) =>
      (log === 'seen' ? blank : engine).openWriter(log, partition, options),
    openReader: (log, partition) => (log === 'seen' ? blank : engine).openReader(log, partition),
  };
  const second = await startRig({ engine: withoutSeen, openKeys: newKeys, clock });
  await second.send(event('kept'));
  await second.send(event('gone'));
  await second.caughtUp();
  assert.deepEqual(await idsOf(engine), ['gone', 'kept', 'gone']);
  assert.ok(second.warnings.some(({ message }) => message.includes('counts as new')));
  await second.stop();
});

function fileKeys(t: TestContext): { folder: string; open(committed: Offset): Promise<KeySet> } {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-keys-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const open = (committed: Offset) =>
    openKeySet({
      folder,
      windowMs: 86_400_000,
      committed,
      secret,
      logger: silentLogger,
      tableBits: 13,
    });
  return { folder, open };
}

/** Sends `count` events in batches of 100, with ids `<from>`, `<from + 1>`… */
async function sendMany(rig: Rig, from: number, count: number): Promise<void> {
  for (let n = from; n < from + count; n += 100) {
    const batch = Array.from({ length: 100 }, (_, i) => ({ type: 'track', ...event(`${n + i}`) }));
    await rig.send({ batch });
  }
  await rig.caughtUp();
}

test('with keys in files, in seen and in neither, every resend is recognised after a restart', async (t) => {
  const { engine, start, clock, dieIn, kill } = await stand();
  const { open, folder } = fileKeys(t);
  const first = await start(open);
  for (let n = 0; n < 12_000; n += 1_000) {
    await sendMany(first, n, 1_000);
    clock.advance(1_000);
  }
  dieIn('seen');
  await sendMany(first, 12_000, 100);
  await turns();
  await first.keys.close();
  await kill();
  assert.ok(readdirSync(folder).length > 0, 'a table was written');

  const second = await start(open);
  assert.ok(second.keys.stats().files > 0);
  await sendMany(second, 0, 12_500);
  await second.stop();
  assert.equal((await idsOf(engine)).length, 12_500);
  assert.deepEqual(second.warnings, []);
});

test('a damaged file of keys is made again from seen', async (t) => {
  const { engine, start, clock } = await stand();
  const { open, folder } = fileKeys(t);
  const first = await start(open);
  for (let n = 0; n < 18_000; n += 1_000) {
    await sendMany(first, n, 1_000);
    clock.advance(1_000);
  }
  await first.stop();
  const files = readdirSync(folder).sort();
  assert.ok(files.length >= 2);
  truncateSync(join(folder, files[0] ?? ''), 1_000);

  const second = await start(open);
  assert.equal(second.keys.damaged, true);
  await sendMany(second, 0, 18_000);
  await second.stop();
  assert.equal((await idsOf(engine)).length, 18_000);
  const third = await start(open);
  assert.equal(third.keys.damaged, false, 'the next start finds everything whole');
  await third.stop();
});
