import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventTimes } from './event-times.ts';
import { formatTime } from './format-time.ts';
import { parseCanonical, parseTime } from './parse-time.ts';

const received = Date.parse('2026-11-20T10:00:00.266Z');
const none = {
  timestamp: undefined,
  originalTimestamp: undefined,
  sentAt: undefined,
  batchSentAt: undefined,
};

test('the worked example of the spec gives .249', () => {
  assert.deepEqual(
    eventTimes(
      { ...none, timestamp: '2015-12-12T19:11:01.152Z', sentAt: '2015-12-12T19:11:01.169Z' },
      Date.parse('2015-12-12T19:11:01.266Z'),
    ),
    {
      originalTimestamp: '2015-12-12T19:11:01.152Z',
      sentAt: '2015-12-12T19:11:01.169Z',
      timestamp: '2015-12-12T19:11:01.249Z',
    },
  );
});

const cases: readonly (readonly [
  rule: string,
  client: object,
  timestamp: string,
  original: string,
])[] = [
  [
    'without sentAt there is no skew to correct',
    { timestamp: '2026-11-19T00:00:00.000Z' },
    '2026-11-19T00:00:00.000Z',
    '2026-11-19T00:00:00.000Z',
  ],
  [
    'a sentAt that is no date counts as missing',
    { timestamp: '2026-11-19T00:00:00.000Z', sentAt: 'soon' },
    '2026-11-19T00:00:00.000Z',
    '2026-11-19T00:00:00.000Z',
  ],
  [
    'without a timestamp everything is receivedAt',
    { sentAt: '2026-11-20T09:00:00.000Z' },
    '2026-11-20T10:00:00.266Z',
    '2026-11-20T10:00:00.266Z',
  ],
  [
    'a timestamp that is no date counts as missing',
    { timestamp: 1763640000, sentAt: '2026-11-20T09:00:00.000Z' },
    '2026-11-20T10:00:00.266Z',
    '2026-11-20T10:00:00.266Z',
  ],
  [
    'an explicit originalTimestamp counts when there is no timestamp',
    { originalTimestamp: '2026-11-20T09:59:00.000Z', sentAt: '2026-11-20T09:59:01.000Z' },
    '2026-11-20T09:59:59.266Z',
    '2026-11-20T09:59:00.000Z',
  ],
  [
    'the timestamp wins over an explicit originalTimestamp',
    { timestamp: '2020-01-01T00:00:00.000Z', originalTimestamp: '2026-11-20T09:59:00.000Z' },
    '2020-01-01T00:00:00.000Z',
    '2020-01-01T00:00:00.000Z',
  ],
  [
    "the batch's sentAt applies to an item without one",
    { timestamp: '2026-11-20T09:00:00.000Z', batchSentAt: '2026-11-20T09:00:00.266Z' },
    '2026-11-20T10:00:00.000Z',
    '2026-11-20T09:00:00.000Z',
  ],
  [
    "the item's sentAt wins over the batch's",
    {
      timestamp: '2026-11-20T09:00:00.000Z',
      sentAt: '2026-11-20T09:00:00.266Z',
      batchSentAt: '2001-01-01T00:00:00.000Z',
    },
    '2026-11-20T10:00:00.000Z',
    '2026-11-20T09:00:00.000Z',
  ],
  [
    'a client whose clock is ahead is set back',
    { timestamp: '2030-01-01T00:00:00.000Z', sentAt: '2030-01-01T00:00:00.000Z' },
    '2026-11-20T10:00:00.266Z',
    '2030-01-01T00:00:00.000Z',
  ],
  [
    'a skew that leads out of the calendar is no skew',
    { timestamp: '9999-12-31T23:59:59.999Z', sentAt: '0001-01-01T00:00:00Z' },
    '9999-12-31T23:59:59.999Z',
    '9999-12-31T23:59:59.999Z',
  ],
];
for (const [rule, client, timestamp, originalTimestamp] of cases) {
  test(rule, () => {
    const times = eventTimes({ ...none, ...client }, received);
    assert.equal(times.timestamp, timestamp);
    assert.equal(times.originalTimestamp, originalTimestamp);
  });
}

test('an unusable sentAt is left out, a sloppy one is put in our form', () => {
  assert.equal(eventTimes({ ...none, sentAt: 'soon' }, received).sentAt, undefined);
  assert.equal(
    eventTimes({ ...none, sentAt: '2015-2-02T00:30:08.276Z' }, received).sentAt,
    '2015-02-02T00:30:08.276Z',
  );
});

test('stamps are read in every form that clients send, and printed in one', () => {
  const forms: readonly (readonly [text: string, printed: string])[] = [
    ['2026-11-20T10:00:00.123Z', '2026-11-20T10:00:00.123Z'],
    ['2026-11-20T10:00:00Z', '2026-11-20T10:00:00.000Z'],
    ['2026-11-20T10:00Z', '2026-11-20T10:00:00.000Z'],
    ['2026-11-20', '2026-11-20T00:00:00.000Z'],
    ['2026-11-20T10:00:00.123456789Z', '2026-11-20T10:00:00.123Z'],
    ['2026-11-20T10:00:00.123456+00:00', '2026-11-20T10:00:00.123Z'],
    ['2026-11-20T10:00:00,5Z', '2026-11-20T10:00:00.500Z'],
    ['2026-11-20T12:00:00.123+02:00', '2026-11-20T10:00:00.123Z'],
    ['2026-11-20T04:30:00-0530', '2026-11-20T10:00:00.000Z'],
    ['2026-11-20T12:00:00+02', '2026-11-20T10:00:00.000Z'],
    ['2026-11-20 10:00:00', '2026-11-20T10:00:00.000Z'],
    ['2026-11-20 10:00:00.5 UTC', '2026-11-20T10:00:00.500Z'],
    ['2026-11-20t10:00:00z', '2026-11-20T10:00:00.000Z'],
    ['2015-2-02T00:30:08.276Z', '2015-02-02T00:30:08.276Z'],
    ['2015-2-2T1:2:3Z', '2015-02-02T01:02:03.000Z'],
    ['2024-02-29T00:00:00.000Z', '2024-02-29T00:00:00.000Z'],
    ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00.000Z'],
    ['2016-12-31T24:00:00Z', '2017-01-01T00:00:00.000Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
    ['1969-12-31T23:59:59.999Z', '1969-12-31T23:59:59.999Z'],
    ['Fri Nov 20 2026 12:00:00 GMT+0200 (CEST)', '2026-11-20T10:00:00.000Z'],
    ['Fri, 20 Nov 2026 10:00:00 GMT', '2026-11-20T10:00:00.000Z'],
  ];
  for (const [text, printed] of forms) {
    const time = parseTime(text);
    assert.ok(time !== undefined, text);
    assert.equal(formatTime(time), printed, text);
  }
});

test('what is no date is none, whatever its shape', () => {
  const texts = [
    '',
    'now',
    '2026-13-01T00:00:00.000Z',
    '2026-00-01T00:00:00.000Z',
    '2026-02-30T00:00:00.000Z',
    '2023-02-29T00:00:00.000Z',
    '2026-11-20T25:00:00.000Z',
    '2026-11-20T10:61:00.000Z',
    '2026-11-20T10:00:61.000Z',
    '2026-11-20T10:00:00.12xZ',
    '2026-1x-20T10:00:00.123Z',
    '2026-11-20T10:00:00+99:00',
    '9999-12-31T23:59:59-12:00',
    '+275760-09-13T00:00:00.000Z',
    'Fri Nov 20 2026 12:00:00',
    `Mon, ${'1'.repeat(100_000)} GMT`,
  ];
  for (const text of texts) assert.equal(parseTime(text), undefined, text.slice(0, 40));
  for (const value of [1763640000, null, true, {}, ['2026-11-20'], undefined]) {
    assert.equal(parseTime(value), undefined);
  }
});

test('the calendar agrees with Date over four thousand years', () => {
  for (let day = -719_000; day < 1_000_000; day += 137) {
    const time = day * 86_400_000 + ((day * 7_919) % 86_400_000);
    const text = new Date(time).toISOString();
    if (text.length !== 24) continue;
    assert.equal(parseCanonical(text), time);
    assert.equal(formatTime(time), text);
  }
});
