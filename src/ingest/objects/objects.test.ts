import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { describe, it, type TestContext } from 'node:test';
import { gzipSync } from 'node:zlib';
import { systemClock } from '../../core/clock.ts';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { openMemoryLogEngine } from '../../storage/log/memory/open-memory-log-engine.ts';
import { partitionOf } from '../partition-of.ts';
import { auth, errorOf, startIngest } from '../testing/ingest-rig.ts';

async function stand(t: TestContext) {
  const rig = await startIngest(t, await openMemoryLogEngine({ clock: systemClock }));
  const items = async (): Promise<JsonObject[]> =>
    (await rig.stored()).flatMap(({ text, meta }) => {
      const { batch = [] }: { batch?: JsonObject[] } = JSON.parse(text);
      const refused = new Set(meta.refused?.map(([index]) => index));
      return batch.filter((_, index) => !refused.has(index) && meta.discard === undefined);
    });
  return { rig, items };
}

const room = {
  id: '2561341',
  properties: { name: 'Charming room', lat: 47.5, adults: 2, ok: null },
};
const stored = (one: JsonObject, collection = 'rooms') => ({ type: 'set', collection, ...one });

describe('POST /v1/set', () => {
  it('takes objects of one collection, each as an item of its own', async (t) => {
    const { rig, items } = await stand(t);
    const objects = [room, { id: 'b', properties: {} }];
    for (const headers of [auth, { ...auth, Synchronous: 'true' }]) {
      const answer = await rig.post('/v1/set', { collection: 'rooms', objects }, headers);
      assert.equal(answer.status, 200);
      assert.deepEqual(answer.json, { success: true });
    }
    const [first] = await rig.stored();
    assert.equal(first?.meta.n, 2);
    assert.match(first?.meta.nonce ?? '', /^[0-9a-f]{32}$/);
    assert.deepEqual(
      (await items()).slice(0, 2),
      objects.map((one) => stored(one)),
    );
  });

  const refusals: [what: string, body: Json, code: string][] = [
    [
      'a collection with capitals',
      { collection: 'Rooms', objects: [room] },
      'collection_not_valid',
    ],
    [
      'a collection that ends in _',
      { collection: 'rooms_', objects: [room] },
      'collection_not_valid',
    ],
    ['a long collection', { collection: 'a'.repeat(101), objects: [room] }, 'collection_not_valid'],
    ['no collection', { objects: [room] }, 'collection_not_valid'],
    ['no objects', { collection: 'rooms' }, 'bad_request'],
    ['an empty list', { collection: 'rooms', objects: [] }, 'bad_request'],
    ['11 objects', { collection: 'rooms', objects: Array(11).fill(room) }, 'batch_too_long'],
  ];
  for (const [what, body, code] of refusals) {
    it(`answers 400 to ${what}`, async (t) => {
      const { rig, items } = await stand(t);
      const answer = await rig.post('/v1/set', body);
      assert.equal(answer.status, 400);
      const error = errorOf(answer);
      assert.equal(isJsonObject(error) && error['code'], code);
      assert.deepEqual(await items(), []);
      assert.equal((await rig.stored())[0]?.meta.discard, code);
    });
  }

  it('keeps good objects beside bad ones, and names these', async (t) => {
    const { rig, items } = await stand(t);
    const objects: Json[] = [
      room,
      { properties: {} },
      { id: 7, properties: {} },
      { id: 'x'.repeat(101), properties: {} },
      { id: 'é'.repeat(100), properties: {} },
      { id: 'c' },
      { id: 'd', properties: { list: [1] } },
      { id: 'e', properties: { object: {} } },
      'no object',
    ];
    const answer = await rig.post('/v1/set', { collection: 'rooms', objects });
    assert.equal(answer.status, 200);
    const { rejected } = answer.json;
    assert.deepEqual(Array.isArray(rejected) && rejected.map(({ index, code }) => [index, code]), [
      [1, 'object_id_not_valid'],
      [2, 'object_id_not_valid'],
      [3, 'object_id_not_valid'],
      [5, 'object_properties_not_valid'],
      [6, 'object_properties_not_valid'],
      [7, 'object_properties_not_valid'],
      [8, 'bad_request'],
    ]);
    assert.deepEqual(
      (await items()).map(({ id }) => id),
      ['2561341', 'é'.repeat(100)],
    );
  });

  it('asks for the write key of a source', async (t) => {
    const { rig } = await stand(t);
    const body = { collection: 'rooms', objects: [room] };
    assert.equal((await rig.post('/v1/set', body, {})).status, 401);
    const inBody = await rig.post('/v1/set', { ...body, writeKey: 'key' }, {});
    assert.equal(inBody.status, 200);
  });

  it('is the only way: an object is no item of a batch of events', async (t) => {
    const { rig, items } = await stand(t);
    const answer = await rig.post('/v1/batch', { batch: [stored(room)] });
    assert.match(answer.text, /type_not_supported/);
    assert.deepEqual(await items(), []);
  });

  it('has its like in the objects that functions set', async (t) => {
    const { rig, items } = await stand(t);
    const bad = { ...stored(room), collection: 'No' };
    await rig.ingest.emit({ source: 'src', items: [stored(room), bad] });
    assert.deepEqual(await items(), [stored(room)]);
  });

  it('takes what was a discard again, once it is good', async (t) => {
    const { rig, items } = await stand(t);
    const redelivery = (body: JsonObject) => ({
      id: 'd',
      source: 'src',
      receivedAt: 5,
      body: JSON.stringify(body),
    });
    const good = stored(room);
    const outcomes = await rig.ingest.redeliver([
      redelivery(good),
      redelivery({ ...good, id: '' }),
    ]);
    assert.deepEqual(outcomes, [
      { kind: 'accepted' },
      { kind: 'refused', code: 'object_id_not_valid' },
    ]);
    assert.deepEqual(await items(), [good]);
  });

  it('keeps what is written of an object in one partition', () => {
    const places = Array.from({ length: 50 }, (_, id) =>
      partitionOf('src', { type: 'set', collection: 'c', id: `${id}` }, 8),
    );
    assert.ok(new Set(places).size > 4);
    const again = partitionOf(
      'src',
      { type: 'set', collection: 'c', id: '7', properties: { a: 1 } },
      8,
    );
    assert.equal(again, places[7]);
  });
});

describe('the Objects Bulk API', () => {
  // Segment's own example encodes the key without a colon and with a newline.
  const basic = { Authorization: `Basic ${Buffer.from('key\n').toString('base64')}` };
  const lines = (all: readonly Json[]) => all.map((one) => `${JSON.stringify(one)}\n`).join('');

  async function begun(t: TestContext) {
    const one = await stand(t);
    const call = (path: string, body: string | Buffer = '', headers: object = basic) =>
      one.rig.send({ path, body, headers: { ...headers }, method: 'POST' });
    const answer = await call('/v0/start');
    assert.equal(answer.status, 201);
    return { ...one, call, id: String(answer.json['sync_id']) };
  }

  it('takes uploads between start and finish, gzip or plain, piece by piece', async (t) => {
    const { call, id, items } = await begun(t);
    const many = Array.from({ length: 5_000 }, (_, index) => ({
      ...{ id: `${index}`, collection: 'users' },
      properties: { name: `Jöhn ${index}`, text: 'x'.repeat(100) },
    }));
    const packed = await call(`/v0/upload/${id}`, gzipSync(lines(many)));
    assert.equal(packed.status, 201);
    assert.match(String(packed.json['part_id']), /^[0-9a-f]{32}$/);
    const plain = await call(`/v0/upload/${id}`, `\n${lines([stored(room)])}`.trimEnd());
    assert.equal(plain.status, 201);
    assert.equal((await call(`/v0/keep-alive/${id}`)).status, 200);
    assert.equal((await call(`/v0/finish/${id}`, '{"error":""}')).status, 202);
    const all = await items();
    assert.equal(all.length, 5_001);
    assert.deepEqual(all[7], stored({ id: '7', properties: many[7]?.properties ?? {} }, 'users'));
  });

  it('keeps the good objects of an upload and discards the others', async (t) => {
    const { call, id, items, rig } = await begun(t);
    const upload = lines([stored(room), { id: 'x', collection: 'Bad', properties: {} }, 'text']);
    assert.equal((await call(`/v0/upload/${id}`, upload)).status, 201);
    assert.equal((await items()).length, 1);
    const [{ meta } = assert.fail()] = await rig.stored();
    assert.deepEqual(meta.refused, [
      [1, 'collection_not_valid', 'collection'],
      [2, 'bad_request'],
    ]);
  });

  it('refuses what cannot be read, with the line, and keeps what came before', async (t) => {
    const { call, id, rig } = await begun(t);
    const broken = await call(`/v0/upload/${id}`, `${lines([stored(room)])}{"id":`);
    assert.equal(broken.status, 400);
    assert.match(broken.text, /Line 2 is not valid JSON/);
    const long = await call(
      `/v0/upload/${id}`,
      lines([stored({ id: 'a', properties: { x: 'x'.repeat(410_000) } })]),
    );
    assert.match(long.text, /Line 1 is longer/);
    const gzip = gzipSync(lines([stored(room)]));
    gzip[15] = 0xff;
    assert.match((await call(`/v0/upload/${id}`, gzip)).text, /not valid gzip/);
    const declared = request({
      ...{ port: rig.port, path: `/v0/upload/${id}`, method: 'POST' },
      headers: { ...basic, 'Content-Length': 600_000_000 },
    });
    declared.on('error', () => undefined).flushHeaders();
    const [tooLarge] = await once(declared, 'response');
    assert.equal(tooLarge.statusCode, 413);
    declared.destroy();
  });

  it('knows no sync of another key, none that is over, and none that nothing was heard of', async (t) => {
    const { call, id, rig } = await begun(t);
    rig.configure([
      { id: 'src', slug: 's', name: 's', enabled: true, writeKeys: ['key', 'other'], limits: {} },
    ]);
    const other = { Authorization: `Basic ${Buffer.from('other:').toString('base64')}` };
    assert.equal((await call(`/v0/upload/${id}`, '', other)).status, 404);
    assert.equal((await call('/v0/upload/nonsense')).status, 404);
    assert.equal((await call(`/v0/upload/${id}`, '', {})).status, 401);
    rig.clock.advance(9 * 60_000);
    assert.equal((await call(`/v0/keep-alive/${id}`)).status, 200);
    rig.clock.advance(9 * 60_000);
    assert.equal((await call(`/v0/keep-alive/${id}`)).status, 200);
    rig.clock.advance(11 * 60_000);
    assert.equal((await call(`/v0/upload/${id}`)).status, 404);
    const second = await call('/v0/start');
    const next = String(second.json['sync_id']);
    assert.equal((await call(`/v0/finish/${next}`)).status, 202);
    assert.equal((await call(`/v0/upload/${next}`)).status, 404);
  });
});
