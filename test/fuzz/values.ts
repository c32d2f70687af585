/** Values that a field of an event may meet, as JSON texts. */
export const hostileValues: readonly string[] = [
  ...['null', 'true', 'false', '0', '-0', '1', '-1', '""', '[]', '{}', '" "', '"\\u0000"'],
  ...['1e999', '-1e999', '1e-999', '9007199254740993', '0.1e1', '1E+2', `${'9'.repeat(400)}`],
  ...['"\\ud800"', '"\\udc00\\ud800"', '"\\u202e"', '"\\ufeff"', '"\\u2028"', '"💣"', '"\\/"'],
  ...['{"__proto__":{"polluted":1}}', '{"constructor":{"prototype":{"polluted":1}}}'],
  ...['{"__proto__":null}', '{"toString":null,"valueOf":1}', '{"hasOwnProperty":1}'],
  ...['{"length":-1}', '{"length":4294967295}', '{"toJSON":"x"}', '{"then":{}}', '{"":{"":""}}'],
  ...['{"0":1,"1":2}', '[[],[[]],{}]', '[null,null]', '{"type":"Buffer","data":[1,2]}'],
  ...['"constructor"', '"__proto__"', '"hasOwnProperty"', '"undefined"', '"NaN"', '"Infinity"'],
  ...['"track"', '"TRACK"', '"delete"', '["track"]', '{"type":"track"}', '"../../etc/passwd"'],
  ...['"\'; DROP TABLE events; --"', '"<img src=x onerror=1>"', '"\\r\\nX-A: b"'],
];

/** Texts that are no JSON. */
export const brokenValues: readonly string[] = [
  ...['NaN', 'Infinity', '-Infinity', 'undefined', '', '01', '+1', '.5', '1.', '0x10', '1_000'],
  ...["'single'", '"\t"', '"unterminated', '"\\x41"', '"\\u12"', '[1,]', '{"a":1,}', '{a:1}'],
  ...['/* comment */1', '1 2', '[', '{', '}', ']', ',', ':', '"\\', 'nul', 'True'],
];

/** Keys that must be nothing but keys; JSON texts. */
export const hostileKeys: readonly string[] = [
  ...['"__proto__"', '"constructor"', '"prototype"', '"toString"', '"valueOf"', '"toJSON"'],
  ...['"hasOwnProperty"', '"length"', '"then"', '""', '"0"', '"-1"', '"a.b.c"', '"$set"'],
  ...['"__defineGetter__"', '"\\u005f_proto__"', '"\\ud800"', '"\\u0000"', '"write_key"'],
  ...['"writeKey"', '"userId"', '"anonymousId"', '"messageId"', '"timestamp"', '"sentAt"'],
  ...['"context"', '"integrations"', '"receivedAt"', '"version"', '"projectId"', '"type"'],
];

/** What clients put where a time belongs; JSON texts. */
export const times: readonly string[] = [
  ...['"2026-11-21T07:00:00.000Z"', '"2015-2-02T00:30:08.276Z"', '"2026-11-21"', '"2026"'],
  ...['"2026-11-21T07:00:00+14:00"', '"2026-11-21T07:00:00.123456789Z"', '"2026-11-21 07:00:00"'],
  ...['"Sat, 21 Nov 2026 07:00:00 GMT"', '"Sat Nov 21 2026 08:00:00 GMT+0100 (CET)"', '"now"'],
  ...['"-000001-01-01T00:00:00Z"', '"+275760-09-13T00:00:00.001Z"', '"0000-00-00T00:00:00Z"'],
  ...['"2026-02-30T25:61:61Z"', '"1969-12-31T23:59:59.999Z"', '"9999-12-31T23:59:59.999Z"'],
  ...['1792000000000', '1792000000', '-1', '0', '8640000000000001', '1e300', '1.5', '""', 'null'],
  ...['"1792000000000"', '{"$date":1}', '[2026,11,21]', 'true', `"${'9'.repeat(300)}"`],
];

/** Numbers of objects or arrays in each other, around the bound. */
export const depths: readonly number[] = [2, 50, 150, 198, 199, 200, 201, 202, 203, 1_000, 12_000];
