import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { systemClock } from '../../core/clock.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import { openMemoryLogEngine } from '../../storage/log/memory/open-memory-log-engine.ts';
import { type IngestRig, startIngest } from '../testing/ingest-rig.ts';

const event = {
  writeKey: 'key',
  userId: 'u',
  event: 'Email Öpened',
  properties: { subject: 'é>?' },
};

function get(rig: IngestRig, path: string, headers = {}) {
  return rig.send({ method: 'GET', path: `/v1/pixel/${path}`, headers });
}

async function assertPixel(rig: IngestRig, path: string): Promise<void> {
  const answer = await get(rig, path);
  assert.equal(answer.status, 200, path);
  assert.equal(answer.headers['content-type'], 'image/gif');
  assert.match(answer.headers['cache-control'] ?? '', /no-store/);
  assert.equal(answer.bytes.toString('latin1', 0, 6), 'GIF89a');
}

async function events(rig: IngestRig): Promise<JsonObject[]> {
  return (await rig.stored()).map(({ text }): JsonObject => JSON.parse(text));
}

describe('the pixel', () => {
  it('takes base64 of either alphabet, padded or not, and JSON as it is', async (t) => {
    const rig = await startIngest(t, await openMemoryLogEngine({ clock: systemClock }));
    const text = JSON.stringify(event);
    const forms = [
      Buffer.from(text).toString('base64url'),
      encodeURIComponent(Buffer.from(text).toString('base64')),
      // As it stands, `+` reads as a space.
      Buffer.from(text).toString('base64'),
      encodeURIComponent(text),
    ];
    for (const data of forms) await assertPixel(rig, `track?data=${data}`);
    const stored = await rig.stored();
    assert.equal(stored.length, forms.length);
    for (const { meta, text: body } of stored) {
      assert.equal(meta.call, 'track');
      assert.partialDeepStrictEqual(JSON.parse(body), event);
    }
  });

  it('takes plain parameters, dots going into objects, and fills in address and browser', async (t) => {
    const rig = await startIngest(t, await openMemoryLogEngine({ clock: systemClock }));
    const query = 'userId=u&event=Opened&properties.email.to=a%40b.c&properties.n=1&writeKey=key';
    await get(rig, `track?${query}`, { 'User-Agent': 'Mail/1' });
    const [stored] = await events(rig);
    assert.partialDeepStrictEqual(stored, {
      userId: 'u',
      event: 'Opened',
      properties: { email: { to: 'a@b.c' }, n: '1' },
      context: { ip: '127.0.0.1', userAgent: 'Mail/1', library: { name: 'pixel' } },
    });
  });

  it('leaves a context that was sent as it is', async (t) => {
    const rig = await startIngest(t, await openMemoryLogEngine({ clock: systemClock }));
    await get(rig, 'page?userId=u&writeKey=key&context.ip=9.9.9.9&context.library.name=mine');
    const [stored] = await events(rig);
    assert.partialDeepStrictEqual(stored?.['context'], {
      ip: '9.9.9.9',
      library: { name: 'mine' },
    });
  });

  it('knows all six calls', async (t) => {
    const rig = await startIngest(t, await openMemoryLogEngine({ clock: systemClock }));
    const more = 'userId=u&event=e&groupId=g&previousId=p&writeKey=key';
    const calls = ['identify', 'group', 'alias', 'page', 'screen', 'track'];
    for (const call of calls) await assertPixel(rig, `${call}?${more}`);
    assert.deepEqual(
      (await rig.stored()).map(({ meta }) => meta.call),
      calls,
    );
  });

  it('pollutes nothing, whatever the names', async (t) => {
    const rig = await startIngest(t, await openMemoryLogEngine({ clock: systemClock }));
    const deep = Array.from({ length: 2_000 }, () => 'a').join('.');
    const query = `userId=u&writeKey=key&__proto__.polluted=1&constructor.prototype.polluted=1&${deep}=1&a=1&a.b=2`;
    await assertPixel(rig, `page?${query}`);
    const [stored] = await events(rig);
    const none: { polluted?: Json } = {};
    assert.equal(none.polluted, undefined);
    assert.deepEqual(stored?.['a'], { b: '2' });
    assert.equal(stored?.[deep], '1');
  });

  it('shows a picture also for what it refuses, which is a discard with its reason', async (t) => {
    const rig = await startIngest(t, await openMemoryLogEngine({ clock: systemClock }));
    await assertPixel(rig, 'track?writeKey=key&userId=u');
    await assertPixel(rig, 'track?writeKey=key&data=%00nonsense');
    await assertPixel(
      rig,
      `track?data=${Buffer.from('{"writeKey":"offkey","userId":"u"}').toString('base64url')}`,
    );
    const stored = await rig.stored();
    assert.deepEqual(
      stored.map(({ meta }) => meta.refused?.[0]?.[1] ?? meta.discard),
      ['event_not_defined', 'bad_request', 'source_disabled'],
    );
    assert.partialDeepStrictEqual(JSON.parse(stored[1]?.text ?? ''), { data: '\0nonsense' });
  });

  it('shows and counts what has no source, comes too fast, or cannot be kept', async (t) => {
    let hasRoom = true;
    const rig = await startIngest(t, await openMemoryLogEngine({ clock: systemClock }), {
      requestsPerSecond: 1,
      hasRoom: () => hasRoom,
    });
    const good = 'page?userId=u&writeKey=key';
    for (const path of ['track?userId=u&event=e&writeKey=nobody', 'track', good, good]) {
      await assertPixel(rig, path);
    }
    hasRoom = false;
    await assertPixel(rig, good);
    assert.equal((await rig.stored()).length, 1);
    const metrics = await rig.registry.metrics();
    for (const code of ['authentication_error', 'rate_limit_exceeded', 'log_unavailable']) {
      assert.match(metrics, new RegExp(`code="${code}"[^\\n]*} [1-9]`), code);
    }
  });

  it('records nothing for HEAD, and knows no other call', async (t) => {
    const rig = await startIngest(t, await openMemoryLogEngine({ clock: systemClock }));
    const head = await rig.send({ method: 'HEAD', path: '/v1/pixel/page?userId=u&writeKey=key' });
    assert.equal(head.status, 200);
    assert.equal((await get(rig, 'delete?userId=u')).status, 404);
    assert.equal((await rig.stored()).length, 0);
  });
});
