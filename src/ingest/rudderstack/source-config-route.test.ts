import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { systemClock } from '../../core/clock.ts';
import { openMemoryLogEngine } from '../../storage/log/memory/open-memory-log-engine.ts';
import { auth, startIngest } from '../testing/ingest-rig.ts';

describe('GET /sourceConfig', () => {
  it('tells the source of a key in the header or the query, across origins', async (t) => {
    const rig = await startIngest(t, await openMemoryLogEngine({ clock: systemClock }));
    const headers = { ...auth, Origin: 'https://shop.example' };
    const forms = [
      { method: 'GET', path: '/sourceConfig/?p=npm&v=3', headers },
      { method: 'GET', path: '/sourceConfig?writeKey=key', headers: { Origin: headers.Origin } },
    ];
    for (const form of forms) {
      const answer = await rig.send(form);
      assert.equal(answer.status, 200);
      assert.equal(answer.headers['access-control-allow-origin'], headers.Origin);
      assert.partialDeepStrictEqual(answer.json, {
        source: {
          ...{ id: 'src', name: 'src', writeKey: 'key', enabled: true, destinations: [] },
          config: { statsCollection: { errors: { enabled: false }, metrics: { enabled: false } } },
        },
      });
    }
  });

  it('says when the source is disabled, and refuses a key nobody has', async (t) => {
    const rig = await startIngest(t, await openMemoryLogEngine({ clock: systemClock }));
    const off = await rig.send({ method: 'GET', path: '/sourceConfig?writeKey=offkey' });
    assert.partialDeepStrictEqual(off.json, { source: { id: 'off', enabled: false } });
    for (const path of ['/sourceConfig', '/sourceConfig?writeKey=nobody']) {
      assert.equal((await rig.send({ method: 'GET', path })).status, 401);
    }
  });
});

describe('RudderStack’s other paths', () => {
  it('take a beacon with its key in the query, and pixels', async (t) => {
    const rig = await startIngest(t, await openMemoryLogEngine({ clock: systemClock }));
    const batch = [{ type: 'page', anonymousId: 'a' }];
    const beacon = await rig.post('/beacon/v1/batch?writeKey=key', { batch }, {});
    assert.equal(beacon.status, 200);
    const query = 'writeKey=key&anonymousId=a&event=Opened';
    for (const call of ['track', 'page']) {
      const pixel = await rig.send({ method: 'GET', path: `/pixel/v1/${call}?${query}` });
      assert.equal(pixel.headers['content-type'], 'image/gif');
    }
    const calls = (await rig.stored()).map(({ meta }) => meta.call);
    assert.deepEqual(calls, [undefined, 'track', 'page']);
  });
});
