import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LogEntry } from '../../../core/event-log.ts';
import type { Redelivery, RedeliveryOutcome } from '../../../core/redelivery.ts';
import { ManualClock } from '../../../core/testing/manual-clock.ts';
import { controlRig } from '../../testing/control-rig.ts';
import { discardRecord, logRig } from '../../testing/log-rig.ts';

async function rig(
  outcome: (item: Redelivery) => RedeliveryOutcome = () => ({ kind: 'accepted' }),
) {
  const clock = new ManualClock();
  const { logs, append } = await logRig(clock);
  const given: Redelivery[] = [];
  const control = await controlRig({
    logs,
    clock,
    redeliver: async (items) => {
      given.push(...items);
      return items.map(outcome);
    },
  });
  const source = String(control.control.snapshot().sources[0]?.id);
  const { at } = await control.call('POST', '/destinations', {
    body: { sourceId: source, metadataId: '5f0000000000000000000001', settings: { hooks: ['h'] } },
  });
  const destination = String(at('data.destination.id'));
  const put = async (...entries: LogEntry[]) => {
    await append('results', ...entries);
    clock.advance(1_000);
  };
  const gaveUp = (n: number, more: object = {}, body = '{"type":"track"}') =>
    discardRecord(
      { id: idOf(n, destination), t: clock.now(), destination, type: 'track', ...more },
      body,
      source,
    );
  const resend = (body: object) => control.call('POST', '/discards/resend', { body });
  return { ...control, clock, source, destination, given, put, gaveUp, resend };
}

const idOf = (n: number, destination: string) =>
  `0-${n}.0.${destination}/a.lane/replay.message_rejected`;

describe('sending discards again', () => {
  it('hands each to ingest once, for the lane that gave it up, and shows when', async () => {
    const { put, gaveUp, resend, given, destination, source, clock, call, close } = await rig();
    await put(gaveUp(1), gaveUp(2));
    const first = await resend({ code: 'message_rejected' });
    assert.equal(first.status, 200, JSON.stringify(first.body));
    assert.deepEqual(given, [
      {
        id: idOf(2, destination),
        source,
        body: '{"type":"track"}',
        call: 'track',
        receivedAt: clock.now() - 1_000,
        lane: [destination, 'a.lane'],
      },
      { ...given[1], id: idOf(1, destination) },
    ]);
    assert.deepEqual(first.at('data.resent'), [idOf(2, destination), idOf(1, destination)]);
    const again = await resend({ ids: [idOf(1, destination)] });
    assert.equal(given.length, 2);
    assert.deepEqual(again.at('data.resent'), []);
    assert.equal(again.at('data.alreadyResent'), 1);
    const listed = await call('GET', '/discards');
    assert.equal(typeof listed.at('data.discards.0.resentAt'), 'string');
    const audited = await call('GET', '/audit-events');
    assert.match(JSON.stringify(audited.body), /Discards Resent/);
    await close();
  });

  it('says of each that it cannot send why, and sends it when it is asked again', async () => {
    const outcomes: RedeliveryOutcome[] = [
      { kind: 'refused', code: 'source_disabled' },
      { kind: 'failed', message: 'full' },
    ];
    const { put, gaveUp, resend, given, source, close } = await rig(
      () => outcomes.shift() ?? { kind: 'accepted' },
    );
    const gone = { destination: 'gone', id: '0-3.0.gone/x.message_rejected' };
    const refused = {
      ...({ id: '0-1-0-source_disabled', stage: 'ingest', code: 'source_disabled' } as const),
    };
    await put(
      discardRecord({ t: 1, ...refused }, '{"event":"E"}', source),
      gaveUp(1, { t: 2 }),
      gaveUp(2, { t: 3 }, ''),
      gaveUp(3, { t: 4, ...gone }),
    );
    const answer = await resend({ sourceId: source });
    assert.deepEqual(answer.at('data.resent'), []);
    const codes = answer.at('data.refused');
    assert(Array.isArray(codes));
    assert.deepEqual(
      codes.map((one) => JSON.parse(JSON.stringify(one)).code),
      ['destination_gone', 'no_payload', 'source_disabled', 'unavailable'],
    );
    const second = await resend({ sourceId: source });
    assert.equal(given.length, 4);
    assert.equal(JSON.parse(JSON.stringify(second.at('data.resent'))).length, 2);
    assert.equal(given[2]?.lane === undefined || given[3]?.lane === undefined, true);
    await close();
  });

  it('says of what a function of its source gave up whether it is an event or a request', async () => {
    const { put, resend, given, source, close } = await rig();
    const discard = (id: string, code: 'function_failed' | 'function_rejected') =>
      discardRecord(
        { id, code, stage: 'process', staged: true, t: 1, type: 'track' },
        '{}',
        source,
      );
    await put(discard('1', 'function_failed'), discard('2', 'function_rejected'));
    await resend({ sourceId: source });
    assert.deepEqual(given.map(({ id, staged, lane }) => [id, staged, lane]).toSorted(), [
      ['1', 'event', undefined],
      ['2', 'request', undefined],
    ]);
    await close();
  });

  it('goes page by page, and refuses to be asked for everything', async () => {
    const { put, gaveUp, resend, given, close } = await rig();
    await put(...Array.from({ length: 5 }, (_, n) => gaveUp(n)));
    let cursor: unknown;
    let pages = 0;
    do {
      const answer = await resend({
        stage: 'deliver',
        pagination: { count: 2, ...(typeof cursor === 'string' && { cursor }) },
      });
      cursor = answer.at('data.pagination.next');
      pages += 1;
    } while (cursor !== null);
    assert.equal(given.length, 5);
    assert(pages >= 3);
    assert.equal((await resend({})).at('errors.0.field'), 'ids');
    await close();
  });

  it('exports all of them, a line each', async () => {
    const { put, gaveUp, control, close } = await rig();
    await put(...Array.from({ length: 5 }, (_, n) => gaveUp(n)));
    const answer = await control.app.inject({
      url: '/api/discards/export?stage=deliver',
      headers: { authorization: 'Bearer trb_test-admin-token-0123456789abcdef' },
    });
    assert.match(String(answer.headers['content-type']), /x-ndjson/);
    const lines = answer.body.trimEnd().split('\n');
    assert.equal(lines.length, 5);
    assert.equal(JSON.parse(lines[0] ?? '').stage, 'deliver');
    await close();
  });
});
