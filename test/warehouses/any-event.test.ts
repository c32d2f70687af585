import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { isJsonObject, type Json, type JsonObject } from '../../src/core/json.ts';
import { Identifiers } from '../../src/warehouses/naming/identifiers.ts';
import { readMoment } from '../../src/warehouses/values/read-moment.ts';
import { type EngineRig, event, onBothEngines, type Row } from './both-engines.ts';

/** Any JSON, with what engines stumble over in good measure. */
const leaf = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({
    unit: fc.constantFrom('\u0000', '\ud800', '"', '\\', '\n', ',', '\t', "'", 'é', '😀'),
  }),
  fc.constantFrom(
    '2026-11-21',
    '2026-11-21T10:00:00Z',
    'x'.repeat(700),
    '12',
    '1.5',
    'true',
    '\\N',
    '',
  ),
  fc.double({ noDefaultInfinity: true, noNaN: true }),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.boolean(),
  fc.constant(null),
);
const key = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.constantFrom(
    'a',
    'b',
    'A',
    'a_b',
    'id',
    'user_id',
    'select',
    'context_ip',
    '__proto__',
    'k'.repeat(200),
  ),
);
const value: fc.Arbitrary<Json> = fc.letrec((again) => ({
  any: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.array(again('any'), { maxLength: 3 }),
    fc.dictionary(key, again('any'), { maxKeys: 4 }),
  ),
})).any as fc.Arbitrary<Json>;
const body = fc.dictionary(key, value, { maxKeys: 8 });
const types = ['track', 'identify', 'page', 'screen', 'group', 'alias'] as const;
const anyEvent = fc.record({
  type: fc.constantFrom(...types),
  name: fc.oneof(
    fc.constantFrom('Thing', 'tracks', 'select', '日本'),
    fc.string({ minLength: 1, maxLength: 20 }),
  ),
  body,
  context: body,
  extra: fc.dictionary(fc.constantFrom('email', 'foo', 'nested', 'properties2'), value, {
    maxKeys: 2,
  }),
});

onBothEngines('any event', (rig) => {
  it('loads, and every leaf of it can be found again', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyEvent, { minLength: 1, maxLength: 6 }), async (given) => {
        const { newSchema, load } = rig();
        const schema = newSchema();
        const events = given.map(({ type, name, body: own, context, extra }) => {
          const isTraits = type === 'identify' || type === 'group' || type === 'alias';
          return event({
            ...extra,
            type,
            userId: 'u',
            context,
            [isTraits ? 'traits' : 'properties']: own,
            ...(type === 'track' && { event: name }),
            ...(type === 'group' && { groupId: 'g' }),
          });
        });
        // In two units: the second meets the columns of the first.
        const half = Math.ceil(events.length / 2);
        await load(schema, events.slice(0, half));
        await load(schema, events.slice(half));
        for (const one of events) await findAll(rig(), schema, one);
      }),
      { numRuns: 40, seed: 20_261_121, endOnFailure: true },
    );
  });
});

async function findAll(rig: EngineRig, schema: string, one: ReturnType<typeof event>) {
  const row = await rowOf(rig, schema, one);
  const text = row['_overflow'] ?? null;
  const overflow: JsonObject = text === null ? {} : JSON.parse(String(text));
  const names = new Identifiers(rig.engine.dialect);
  const isFound = (path: readonly string[], wanted: Json) => {
    const kept = valueAt(overflow, path);
    if (kept !== undefined && JSON.stringify(kept) === JSON.stringify(wanted)) return;
    const words = path[0] === 'context' ? path : path.slice(1);
    const cell = row[names.column(words)];
    assert.ok(isSame(cell, wanted), `${path.join('.')}: ${JSON.stringify(wanted)} is ${cell}`);
  };
  for (const top of Object.keys(one)) {
    if (['context', 'properties', 'traits'].includes(top)) each(one[top] ?? null, [top], isFound);
    else if (['email', 'foo', 'nested', 'properties2'].includes(top)) {
      const wanted = one[top] ?? null;
      if (wanted !== null)
        assert.equal(JSON.stringify(valueAt(overflow, [top])), JSON.stringify(wanted));
    }
  }
}

async function rowOf(rig: EngineRig, schema: string, one: ReturnType<typeof event>): Promise<Row> {
  const names = new Identifiers(rig.engine.dialect);
  const own = {
    identify: 'identifies',
    page: 'pages',
    screen: 'screens',
    group: 'groups',
    alias: 'aliases',
  };
  const table = one.type === 'track' ? names.table(String(one['event'])) : own[one.type];
  const row = (await rig.rows(schema, table)).find(({ id }) => id === one.messageId);
  assert.ok(row !== undefined, `${one.messageId} is in ${table}`);
  return row;
}

function each(
  at: Json,
  path: readonly string[],
  take: (path: readonly string[], value: Json) => void,
) {
  if (isJsonObject(at)) {
    for (const [name, inside] of Object.entries(at)) each(inside ?? null, [...path, name], take);
  } else if (at !== null) take(path, at);
}

function valueAt(from: Json, path: readonly string[]): Json | undefined {
  let at: Json | undefined = from;
  for (const step of path) at = isJsonObject(at) && Object.hasOwn(at, step) ? at[step] : undefined;
  return at;
}

/** Whether a cell tells the value: itself, written as a text, or the same moment. */
function isSame(cell: unknown, wanted: Json): boolean {
  if (cell === undefined || cell === null) return false;
  if (cell === wanted || (Object.is(Number(cell), 0) && wanted === 0)) return true;
  if (Array.isArray(wanted)) return cell === JSON.stringify(wanted);
  if (String(cell) === String(wanted)) return true;
  return typeof wanted === 'string' && readMoment(wanted)?.text === cell;
}
