import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LogEntry, LogName } from '../../../core/event-log.ts';
import { isJsonObject, type Json } from '../../../core/json.ts';
import { limits } from '../../../core/limits.ts';
import { recordKinds } from '../../../core/records.ts';
import { ManualClock } from '../../../core/testing/manual-clock.ts';
import { type ControlRig, controlRig } from '../../testing/control-rig.ts';
import { discardRecord, logRig } from '../../testing/log-rig.ts';

interface Rig extends ControlRig {
  readonly clock: ManualClock;
  append(log: LogName, ...entries: LogEntry[]): Promise<void>;
  /** Ids of every page, in order, and how many pages there were. */
  list(query: string): Promise<{ ids: Json[]; pages: number }>;
}

async function discardsRig(): Promise<Rig> {
  const clock = new ManualClock();
  const { logs, append } = await logRig(clock);
  const rig = await controlRig({ logs, clock });
  const list = async (query: string) => {
    const ids: Json[] = [];
    let cursor: Json | undefined;
    for (let pages = 1; ; pages += 1) {
      const more = cursor === undefined ? '' : `&pagination.cursor=${cursor}`;
      const answer = await rig.call('GET', `/discards?${query}${more}`);
      assert.equal(answer.status, 200, JSON.stringify(answer.body));
      const discards = answer.at('data.discards');
      assert(Array.isArray(discards));
      ids.push(...discards.map((discard) => (isJsonObject(discard) ? (discard['id'] ?? '') : '')));
      cursor = answer.at('data.pagination.next');
      if (cursor === null) return { ids, pages };
    }
  };
  return { ...rig, clock, append, list };
}

describe('the list of discards', () => {
  it('is newest first over all three logs, whole over the pages, each once', async () => {
    const rig = await discardsRig();
    const expected: string[] = [];
    for (let index = 0; index < 40; index += 1) {
      const log = index % 3 === 0 ? 'events' : 'results';
      await rig.append(log, discardRecord({ id: `d${index}`, t: rig.clock.now() }));
      expected.unshift(`d${index}`);
      rig.clock.advance(index < 20 ? 5 * 3_600_000 : 1_000);
    }
    await rig.append('discards', discardRecord({ id: 'moved', t: 1_000 }));
    rig.clock.advance(1_000);
    for (const count of [1, 7, 1_000]) {
      const { ids } = await rig.list(`pagination.count=${count}`);
      assert.deepEqual(ids, [...expected, 'moved'], `in pages of ${count}`);
    }
    await rig.close();
  });

  it('shows no write key that a client put into what it sent', async () => {
    const rig = await discardsRig();
    const item =
      '{"writeKey":"k\\"ey","n":1.0,"of":{"write_key" : "key"},"text":"\\"writeKey\\":\\"x\\""}';
    await rig.append('events', discardRecord({ t: rig.clock.now(), stage: 'ingest' }, item));
    const answer = await rig.call('GET', '/discards');
    assert.deepEqual(answer.at('data.discards.0.payload'), {
      writeKey: '••••',
      n: 1,
      of: { write_key: '••••' },
      text: '"writeKey":"x"',
    });
    await rig.close();
  });

  it('shows the event and why it is one', async () => {
    const rig = await discardsRig();
    const t = rig.clock.now();
    const meta = { t, destination: 'dest', attempts: 2, messageId: 'm', type: 'track', event: 'E' };
    await rig.append('results', discardRecord(meta, '{"event":"E"}'));
    await rig.append('events', discardRecord({ t, stage: 'ingest', code: 'bad_request' }, '{"a'));
    const answer = await rig.call('GET', '/discards?stage=deliver');
    assert.deepEqual(answer.at('data.discards'), [
      {
        id: 'd',
        sourceId: 's1',
        stage: 'deliver',
        code: 'message_rejected',
        message: 'no',
        at: '2026-11-20T10:00:00.000Z',
        messageId: 'm',
        type: 'track',
        event: 'E',
        destinationId: 'dest',
        attempts: 2,
        payload: { event: 'E' },
      },
    ]);
    const refused = await rig.call('GET', '/discards?stage=ingest');
    assert.equal(refused.at('data.discards.0.payload'), '{"a');
    await rig.close();
  });

  it('is filtered by source, code, stage, destination and time', async () => {
    const rig = await discardsRig();
    const t = rig.clock.now();
    await rig.append(
      'results',
      discardRecord({ id: 'a', t }),
      discardRecord({ id: 'b', t: t + 1_000 }, '', 's2'),
      discardRecord({ id: 'c', t: t + 2_000, code: 'retries_exhausted', destination: 'x' }),
    );
    await rig.append(
      'events',
      discardRecord({ id: 'd', t, stage: 'process', code: 'bad_request' }),
    );
    const at = (ms: number) => new Date(t + ms).toISOString();
    const cases = [
      ['sourceId=s2', ['b']],
      ['code=retries_exhausted', ['c']],
      ['stage=process', ['d']],
      ['destinationId=x', ['c']],
      [`from=${at(1_000)}&to=${at(2_000)}`, ['b']],
      ['sourceId=s1&stage=deliver', ['c', 'a']],
    ] as const;
    for (const [query, ids] of cases) assert.deepEqual((await rig.list(query)).ids, ids, query);
    const wrong = await rig.call('GET', '/discards?from=yesterday');
    assert.equal(wrong.at('errors.0.field'), 'from');
    assert.equal((await rig.call('GET', '/discards?pagination.cursor=MA')).status, 422);
    await rig.close();
  });

  it('reads a bounded part of the log a call, and finds everything all the same', async () => {
    const rig = await discardsRig();
    const body = Buffer.alloc(1_000_000);
    const filler = { kind: recordKinds.event, source: 's1', meta: '{}', body };
    const total = 3 * limits.discardScanBytes;
    const expected: string[] = [];
    for (let bytes = 0; bytes < total; bytes += 8 * body.length) {
      const id = `d${bytes}`;
      expected.unshift(id);
      const entries = Array.from({ length: 8 }, () => filler);
      await rig.append('events', ...entries, discardRecord({ id, t: rig.clock.now() }));
      rig.clock.advance(500);
    }
    const { ids, pages } = await rig.list('pagination.count=1000');
    assert.deepEqual(ids, expected);
    assert(pages > 1, 'one call does not read it all');
    await rig.close();
  });
});
