import assert from 'node:assert/strict';
import { it } from 'node:test';
import { controlRig } from '../../testing/control-rig.ts';

const make = { slug: 'web', metadataId: 'iUM16Md8P2' };

it('in a deployment that was given a region, new sources and write keys carry it', async () => {
  const rig = await controlRig({ region: 'eu' });
  const first = rig.snapshots.at(-1)?.sources[0];
  assert.equal(first?.region, 'eu');
  assert.match(first?.writeKeys[0] ?? '', /^eu_[0-9A-Za-z]{32}$/);
  const made = await rig.call('POST', '/sources', { body: make });
  assert.match(String(made.at('data.source.writeKeys.0')), /^eu_[0-9A-Za-z]{32}$/);
  assert.equal(rig.snapshots.at(-1)?.sources[1]?.region, 'eu');
  assert.equal(made.at('data.source.region'), undefined, "Segment's shape has none");
  const path = `/sources/${String(made.at('data.source.id'))}`;
  assert.deepEqual((await rig.call('GET', `${path}/region`)).at('data'), { region: 'eu' });
  await rig.close();
});

it('without one they carry none, and keys look as Segment makes them', async () => {
  const rig = await controlRig();
  const first = rig.snapshots.at(-1)?.sources[0];
  assert.equal(first?.region, undefined);
  assert.match(first?.writeKeys[0] ?? '', /^[0-9A-Za-z]{32}$/);
  await rig.close();
});

it('a source can be moved to another region, or to any; keys it gets then carry that', async () => {
  const rig = await controlRig({ region: 'us' });
  const made = await rig.call('POST', '/sources', { body: make });
  const path = `/sources/${String(made.at('data.source.id'))}`;
  const move = (region: string | null) => rig.call('PATCH', `${path}/region`, { body: { region } });
  assert.deepEqual((await move('eu')).at('data'), { region: 'eu' });
  assert.equal(rig.snapshots.at(-1)?.sources[1]?.region, 'eu');
  const key = await rig.call('POST', `${path}/write-keys`, { body: {} });
  assert.match(String(key.at('data.writeKey.writeKey')), /^eu_/);
  const segments = await rig.call('POST', `${path}/writekey`);
  assert.match(String(segments.at('data.source.writeKeys.2')), /^eu_/);
  assert.deepEqual((await move(null)).at('data'), { region: null });
  assert.equal(rig.snapshots.at(-1)?.sources[1]?.region, undefined);
  for (const region of ['EU', '', 'e u', 'x'.repeat(17)])
    assert.equal((await move(region)).status, 422);
  await rig.close();
});
