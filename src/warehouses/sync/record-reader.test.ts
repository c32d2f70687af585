import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type EventMeta, recordKinds } from '../../core/records.ts';
import { noSuppressions } from '../../core/suppressions.ts';
import { RecordReader } from './record-reader.ts';

function record(id: string, i: number, n: number, more: Partial<EventMeta> = {}) {
  return {
    ...{ offset: 0, kind: recordKinds.event, source: 's' },
    meta: JSON.stringify({ i, n, t: 5, type: 'track', id, ...more }),
    body: Buffer.from(JSON.stringify({ messageId: id, integrations: {} })),
  };
}

test('repeated input is passed over; what came back from an insert function is loaded, though its stamp is lower', () => {
  const reader = new RecordReader(
    {
      warehouse: 'w',
      sources: new Map([['s', { since: 0, until: 10 }]]),
      suppressions: noSuppressions,
    },
    { input: 0, item: -1 },
  );
  const loaded = [
    record('a', 5, 0),
    record('b', 5, 1),
    record('staged', 2, 0, { staged: true }),
    record('b', 5, 1),
    record('again', 6, 0, { lane: ['d', 'l'] }),
    record('c', 7, 0),
  ].map((one) => reader.read(one)?.event?.messageId);
  assert.deepEqual(loaded, ['a', 'b', 'staged', undefined, undefined, 'c']);
  assert.deepEqual(reader.stamp, { input: 7, item: 0 });
});

test('what is left out for a deletion is told by when it was received', () => {
  const sources = new Map([['s', { since: 0, until: 10 }]]);
  const suppressions = {
    ...noSuppressions,
    isEmpty: false,
    has: (_source: string, _ids: object, receivedAt = 0) => receivedAt < 6,
  };
  const filter = { warehouse: 'w', sources, suppressions };
  const reader = new RecordReader(filter, { input: 0, item: -1 });
  const both = [record('older', 1, 0), record('newer', 2, 0, { t: 6 })];
  const loaded = both.map((one) => reader.read(one)?.event?.messageId);
  assert.deepEqual(loaded, [undefined, 'newer']);
});
