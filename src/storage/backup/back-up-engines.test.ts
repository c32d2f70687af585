import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { systemClock } from '../../core/clock.ts';
import type { LogEntry, LogReader, LogWriter } from '../../core/event-log.ts';
import { silentLogger } from '../../core/logger.ts';
import { openFileLogEngine } from '../log/file/open-file-log-engine.ts';
import { stateStores } from '../open-state.ts';
import { backUpEngines } from './back-up-engines.ts';

const entry = (text: string): LogEntry => ({
  kind: 1,
  source: 's',
  meta: '',
  body: Buffer.from(text.padEnd(3_000, '.')),
});

const openLogs = (dir: string) =>
  openFileLogEngine({ dir, clock: systemClock, logger: silentLogger, fileBytes: 64 * 1024 });

/** What a log holds: the texts that were appended. */
async function textsOf(reader: LogReader): Promise<string[]> {
  const texts: string[] = [];
  for (let at = 0; ; ) {
    const { records, next, damaged } = await reader.read(at);
    assert.deepEqual(damaged, []);
    for (const { body } of records) texts.push(body.toString().replace(/\.+$/, ''));
    if (next === at) return texts;
    at = next;
  }
}

test('whatever goes on meanwhile, a copy is as of one moment: no cursor ahead of its log, no log ahead of its input, nothing missing that was acknowledged', async (t) => {
  const root = mkdtempSync(join(tmpdir(), 'tributary-backup-'));
  const engine = await openLogs(join(root, 'log'));
  const { writer: accepted } = await engine.openWriter('accepted', 0);
  const { writer: events } = await engine.openWriter('events', 0);
  const input = await engine.openReader('accepted', 0);
  const output = await engine.openReader('events', 0);
  const store = await stateStores(`sqlite:${root}`).openWork();
  const life = live({ accepted, events, input });
  // They make it slow to look at `accepted`: whatever is looked at after it is of a later moment.
  for (let n = 0; n < 8_000; n++) writeFileSync(join(root, `log/accepted-0/${n}.other`), '');
  const cursor = async () => {
    const moved = { stamp_input: events.mark, stamp_item: 0, open_ms: 0, updated_at: 0 };
    const row = { position: await output.end(), ...moved };
    await store.db
      .insertInto('cursor')
      .values({ lane: 'l', partition: 0, ...row })
      .onConflict((conflict) => conflict.columns(['lane', 'partition']).doUpdateSet(row))
      .execute();
    // Retention at its most eager.
    await engine.trim('accepted', 0, events.mark);
  };
  const done = life.run(cursor);
  t.after(async () => {
    life.stop();
    await done;
    await store.close();
    await engine.close();
    rmSync(root, { recursive: true });
  });

  for (let round = 0; round < 8; round++) {
    const known = life.acknowledged;
    const to = join(root, `copy${round}`);
    mkdirSync(to);
    const { incomplete } = await backUpEngines({ log: join(root, 'log'), state: root }, to);
    assert.deepEqual(incomplete, []);
    const copy = await openLogs(join(to, 'log'));
    const copied = await stateStores(`sqlite:${to}`).openWork();
    t.after(async () => {
      await copied.close();
      await copy.close();
    });
    const row = await copied.db.selectFrom('cursor').selectAll().executeTakeFirst();
    const made = await copy.openReader('events', 0);
    const taken = await copy.openReader('accepted', 0);
    const [end, mark] = [await made.end(), await made.mark()];
    assert.ok(row === undefined || row.position <= end, 'a cursor ahead of events');
    assert.ok(mark <= (await taken.end()), 'events ahead of accepted');
    const first = (await textsOf(made)).length;
    const waiting = (await textsOf(taken)).filter((text) => Number(text) >= first);
    const expected = waiting.map((_text, index) => String(first + index));
    assert.deepEqual(waiting, expected, 'accepted goes on where events ends');
    assert.ok(first + waiting.length >= known, `${known} were acknowledged before`);
  }
  assert.ok(life.acknowledged > 100);
});

interface Logs {
  readonly accepted: LogWriter;
  readonly events: LogWriter;
  readonly input: LogReader;
}

/** Numbers go into `accepted`, from there into `events`, and a cursor follows: each at its own pace. */
function live({ accepted, events, input }: Logs) {
  let stopped = false;
  const ingest = async () => {
    for (let next = 0; !stopped; next++) {
      await accepted.append([entry(String(next))]);
      life.acknowledged = next + 1;
      await nextTurn();
    }
  };
  const process = async () => {
    while (!stopped) {
      const { records, next } = await input.read(events.mark);
      if (next === events.mark) await nextTurn();
      else await events.append(records.map(copyOf), { mark: next });
    }
  };
  const life = {
    acknowledged: 0,
    run: async (cursor: () => Promise<void>) => {
      const deliver = async () => {
        while (!stopped) await cursor().then(nextTurn);
      };
      await Promise.all([ingest(), process(), deliver()]);
    },
    stop: () => {
      stopped = true;
    },
  };
  return life;
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function copyOf({ kind, source, meta, body }: LogEntry): LogEntry {
  return { kind, source, meta, body: Buffer.from(body) };
}
