import type { Json, JsonObject } from '../../src/core/json.ts';

/** What one value, or several one after another, become in a table: the column and what it holds then. */
export interface ValueCase {
  readonly says: string;
  /** The properties of one event each, loaded one after another. */
  readonly events: readonly JsonObject[];
  /** Of the last event's row; a column that is not named is not asked for. */
  readonly row: Readonly<Record<string, string | number | boolean | null>>;
  /** What the last event's row has in its overflow. */
  readonly overflow?: JsonObject;
  /** Columns that are not there. */
  readonly absent?: readonly string[];
}

/** Keys of a property, and the column they get (spec tracking-api §14.2 and Appendix D). */
export const columnNames: readonly (readonly [key: string, column: string])[] = [
  ['price', 'price'],
  ['Price', 'price'],
  ['orderId', 'order_id'],
  ['OrderID', 'order_id'],
  ['order_id', 'order_id'],
  ['order-id', 'order_id'],
  ['order id', 'order_id'],
  ['order.id', 'order_id'],
  ['order:id', 'order_id'],
  ['order/id', 'order_id'],
  ['$order', '_order'],
  ['CStringRef', 'cstring_ref'],
  ['samPLE text', 'sam_ple_text'],
  ['something.com', 'something_com'],
  ['2FA Enabled', '_2fa_enabled'],
  ['Enabled 2FA', 'enabled_2fa'],
  ['FOO:BAR$BAZ', 'foo_bar_baz'],
  ['sample___text', 'sample_text'],
  ['f_pX9', 'f_p_x9'],
  ['THE5r', 'the5r'],
  ['5TEst', '_5test'],
  ['edf_6N', 'edf_6n'],
  ['p_z9Rg', 'p_z9_rg'],
  ['lk0B@bFmjrLQ_Z6YL', 'lk0_b_b_fmjr_lq_z6yl'],
  ['@49L0S145_¬fwHƒ0TSLNVp', '_49l0s145_fw_h_0tslnvp'],
  ['   sample   2    Text   ', 'sample_2_text'],
  ['inviteYourCustomersAddInvites', 'invite_your_customers_add_invites'],
  ['___$$Base64Encode', 'base64_encode'],
  ['$something%', 'something'],
  ['URL', 'url'],
  ['pageURL', 'page_url'],
  ['HTTPServer', 'httpserver'],
  ['iOSVersion', 'i_osversion'],
  ['a', 'a'],
  ['A', 'a'],
  ['9', '_9'],
  ['42answers', '_42answers'],
  ['naïve', 'na_ve'],
  ['größe', 'gr_e'],
  ['emoji😀key', 'emoji_key'],
  ['tab\tkey', 'tab_key'],
  ['new\nline', 'new_line'],
  ['quote"key', 'quote_key'],
  ["apos'key", 'apos_key'],
  ['semi;drop', 'semi_drop'],
  ['back\\slash', 'back_slash'],
  ['percent%', 'percent'],
  ['select', '_select'],
  ['Select', '_select'],
  ['from', '_from'],
  ['where', '_where'],
  ['user', '_user'],
  ['table', '_table'],
  ['order', '_order'],
  ['group', '_group'],
  ['limit', '_limit'],
  ['default', '_default'],
  ['check', '_check'],
  ['column', '_column'],
  ['end', '_end'],
  ['desc', '_desc'],
  ['primary', '_primary'],
  ['unique', '_unique'],
  ['references', '_references'],
  ['grant', '_grant'],
  ['xmin', '_xmin'],
  ['ctid', '_ctid'],
  ['rowid', '_rowid'],
  ['value', 'value'],
  ['type', 'type'],
  ['date', 'date'],
  ['name', 'name'],
  ['key', 'key'],
  ['_underscore', 'underscore'],
  ['ending_', 'ending'],
  ['trailing_', '_trailing'],
];

/** Names of events, and the table they get. */
export const tableNames: readonly (readonly [event: string, table: string])[] = [
  ['Order Completed', 'order_completed'],
  ['order_completed', 'order_completed'],
  ['Signed Up!', 'signed_up'],
  ['$pageview', 'pageview'],
  ['2FA Enabled', '_2fa_enabled'],
  ['Tracks', '_tracks'],
  ['users', '_users'],
  ['Identifies', '_identifies'],
  ['Pages', '_pages'],
  ['screens', '_screens'],
  ['Groups', '_groups'],
  ['accounts', '_accounts'],
  ['Aliases', '_aliases'],
  ['Select', '_select'],
  ['Order', '_order'],
  ['User', '_user'],
  ['Video 100% Watched', 'video_100_watched'],
  ['a; drop table users', 'a_drop_table_users'],
  ['"quoted"', 'quoted'],
  ['😀 Happy', 'happy'],
];

const long = 'x'.repeat(600);
const moment = '2026-11-21T10:20:30.123Z';

/** Types, and what becomes of values that do not fit (spec tracking-api §14.3). */
export const valueCases: readonly ValueCase[] = [
  ...kept('a text', 'hello'),
  ...kept('an empty text', ''),
  ...kept('quotes, commas, tabs and line breaks', 'a "b", c\td\ne\r\nf'),
  ...kept('a backslash and what looks like null to a loader', '\\N'),
  ...kept('a backslash and a dot alone', '\\.'),
  ...kept('a text that is all quotes', '""""'),
  ...kept('a text in other letters', 'größer als 日本語 😀'),
  ...kept('a text that says null', 'NULL'),
  ...kept('leading and trailing blanks', '  x  '),
  ...kept('a single comma', ','),
  ...kept('true', true),
  ...kept('false', false),
  ...kept('zero', 0),
  ...kept('a negative integer', -17),
  ...kept('the largest exact integer', Number.MAX_SAFE_INTEGER),
  ...kept('the smallest exact integer', Number.MIN_SAFE_INTEGER),
  ...kept('a fraction', 19.99),
  ...kept('a tiny fraction', 1e-300),
  ...kept('a huge number', 1.5e300),
  ...kept('an integer beyond 2^53', 2 ** 60),
  ...became('a list', [1, 'two', { three: 3 }], '[1,"two",{"three":3}]'),
  ...became('an empty list', [], '[]'),
  ...became('a list in a list', [[1], [2]], '[[1],[2]]'),
  ...became('a date', '2026-11-21', '2026-11-21T00:00:00.000Z'),
  ...became('a moment', moment, moment),
  ...became('a moment without fractions', '2026-11-21T10:20:30Z', '2026-11-21T10:20:30.000Z'),
  ...became('a moment with an offset', '2026-11-21T12:20:30.123+02:00', moment),
  ...became('an offset without a colon', '2026-11-21T12:20:30.123+0200', moment),
  ...became('a moment without a zone', '2026-11-21T10:20:30.123', moment),
  ...became('a moment with a blank', '2026-11-21 10:20:30.123Z', moment),
  ...became('microseconds', '2026-11-21T10:20:30.123456Z', '2026-11-21T10:20:30.123456Z'),
  ...became('an early year', '0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'),
  ...became('the last year', '9999-12-31T23:59:59Z', '9999-12-31T23:59:59.000Z'),
  ...became('29 February of a leap year', '2024-02-29', '2024-02-29T00:00:00.000Z'),
  ...kept('29 February of another year', '2023-02-29'),
  ...kept('a month that there is not', '2026-13-01'),
  ...kept('an hour that there is not', '2026-11-21T25:00:00Z'),
  ...kept('a date with words', '2026-11-21 about noon'),
  ...kept('digits that look like a date', '20261121'),
  ...kept('a number as a text', '12'),
  ...kept('a phone number', '0049-30-12345'),
  {
    says: 'nanoseconds are cut, and whole in the overflow',
    events: [{ v: '2026-11-21T10:20:30.123456789Z' }],
    row: { v: '2026-11-21T10:20:30.123456Z' },
    overflow: { properties: { v: '2026-11-21T10:20:30.123456789Z' } },
  },
  {
    says: 'a text of 512 characters is kept',
    events: [{ v: 'y'.repeat(512) }],
    row: { v: 'y'.repeat(512), _overflow: null },
  },
  {
    says: 'a longer text is cut at 512, and whole in the overflow',
    events: [{ v: long }],
    row: { v: long.slice(0, 512) },
    overflow: { properties: { v: long } },
  },
  {
    says: '512 characters outside the basic plane are 512 characters',
    events: [{ v: '😀'.repeat(512) }],
    row: { v: '😀'.repeat(512) },
  },
  {
    says: 'a pair of surrogates is not cut apart',
    events: [{ v: `${'x'.repeat(511)}😀😀` }],
    row: { v: `${'x'.repeat(511)}😀` },
    overflow: { properties: { v: `${'x'.repeat(511)}😀😀` } },
  },
  {
    says: 'U+0000 is replaced, and whole in the overflow',
    events: [{ v: 'a\u0000b' }],
    row: { v: 'a\ufffdb' },
    overflow: { properties: { v: 'a\u0000b' } },
  },
  {
    says: 'a lone surrogate is replaced, and whole in the overflow',
    events: [{ v: 'a\ud800b' }],
    row: { v: 'a\ufffdb' },
    overflow: { properties: { v: 'a\ud800b' } },
  },
  {
    says: 'null makes no column',
    events: [{ v: null, w: 1 }],
    row: { w: 1 },
    absent: ['v'],
  },
  {
    says: 'an empty object makes no column',
    events: [{ v: {}, w: 1 }],
    row: { w: 1 },
    absent: ['v'],
  },
  {
    says: 'a column comes with its first value that is not null',
    events: [{ v: null, w: 1 }, { v: 5 }],
    row: { v: 5, w: null },
  },
  {
    says: 'objects are taken apart',
    events: [{ address: { street: { name: 'A', number: 1 }, city: 'B' } }],
    row: { address_street_name: 'A', address_street_number: 1, address_city: 'B' },
    absent: ['address'],
  },
  {
    says: 'a number, then a text, then an object: the column keeps its type',
    events: [{ v: 1 }, { v: 'two' }, { v: { three: 3 } }],
    row: { v: null, v_three: 3 },
  },
  collision('a text for an integer', 1, 'two'),
  collision('a fraction for an integer', 1, 1.5),
  collision('a boolean for an integer', 1, true),
  collision('a list for an integer', 1, [1]),
  collision('a moment for an integer', 1, moment),
  collision('a number beyond 2^53 for an integer', 1, 2 ** 60),
  collision('a text for a fraction', 1.5, 'x'),
  collision('a boolean for a fraction', 1.5, false),
  collision('an integer for a boolean', true, 1),
  collision('a text for a boolean', true, 'true'),
  collision('a text for a moment', moment, 'soon'),
  collision('an integer for a moment', moment, 1_795_255_200),
  collision('a number with blanks for an integer', 1, ' 2 '),
  collision('a hexadecimal number for an integer', 1, '0x10'),
  collision('a leading zero for an integer', 1, '007'),
  collision('the empty text for an integer', 1, ''),
  cast('an integer in a fraction', 1.5, 2, 2),
  cast('an integer as a text in an integer', 1, '22', 22),
  cast('a fraction as a text in a fraction', 1.5, '2.25', 2.25),
  cast('an integer in a text', 'x', 12, '12'),
  cast('a fraction in a text', 'x', 1.25, '1.25'),
  cast('a boolean in a text', 'x', false, 'false'),
  cast('a moment in a text', 'x', moment, moment),
  cast('a list in a text', 'x', [1, 2], '[1,2]'),
  cast('a date in a moment', moment, '2026-11-22', '2026-11-22T00:00:00.000Z'),
  {
    says: 'names that meet: the first value has the column, the other is in the overflow',
    events: [{ fooBar: 1, foo_bar: 2 }],
    row: { foo_bar: 1 },
    overflow: { properties: { foo_bar: 2 } },
  },
  {
    says: 'names that meet with the same value need no overflow',
    events: [{ fooBar: 1, foo_bar: 1 }],
    row: { foo_bar: 1, _overflow: null },
  },
  {
    says: 'a nested name that meets a flat one',
    events: [{ 'a.b': 1, a: { b: 2 } }],
    row: { a_b: 1 },
    overflow: { properties: { a: { b: 2 } } },
  },
  ...[
    'id',
    'received_at',
    'sent_at',
    'timestamp',
    'original_timestamp',
    'uuid_ts',
    'event',
    'event_text',
    'anonymous_id',
  ].map(
    (name): ValueCase => ({
      says: `a property named ${name} is in the overflow`,
      events: [{ [name]: 'mine' }],
      row: {},
      overflow:
        name === 'sent_at'
          ? { properties: { sent_at: 'mine' } }
          : { properties: { [name]: 'mine' } },
    }),
  ),
  {
    says: 'a property named as a column of the context is in the overflow',
    events: [{ context_ip: 'mine' }],
    row: { context_ip: '1.2.3.4' },
    overflow: { properties: { context_ip: 'mine' } },
  },
  {
    says: 'a key without a letter of ASCII gets a name of its own',
    events: [{ 日本語: 1, 日本: 2 }],
    row: { u_60891743: 1, u_3cf37311: 2 },
  },
  {
    says: 'a key __proto__ is data',
    events: [JSON.parse('{"__proto__":{"x":1},"constructor":2}')],
    row: { proto_x: 1, constructor: 2 },
  },
];

function kept(what: string, value: string | number | boolean): ValueCase[] {
  return [{ says: `${what} is kept`, events: [{ v: value }], row: { v: value } }];
}

function became(what: string, value: Json, cell: string): ValueCase[] {
  return [{ says: `${what} becomes ${cell}`, events: [{ v: value }], row: { v: cell } }];
}

function collision(what: string, first: Json, second: Json): ValueCase {
  return {
    says: `${what} goes to the overflow`,
    events: [{ v: first }, { v: second }],
    row: { v: null },
    overflow: { properties: { v: second } },
  };
}

function cast(what: string, first: Json, second: Json, cell: string | number): ValueCase {
  return { says: `${what} is taken`, events: [{ v: first }, { v: second }], row: { v: cell } };
}
