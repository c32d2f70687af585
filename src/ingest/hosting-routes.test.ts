import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { runInNewContext } from 'node:vm';
import { gunzipSync } from 'node:zlib';
import { ManualClock } from '../core/testing/manual-clock.ts';
import { openMemoryLogEngine } from '../storage/log/memory/open-memory-log-engine.ts';
import type { IngestDeps } from './create-ingest.ts';
import { type IngestRig, sourceConfig, startIngest } from './testing/ingest-rig.ts';

const start = async (context: TestContext, deps: Partial<IngestDeps> = {}): Promise<IngestRig> =>
  startIngest(context, await openMemoryLogEngine({ clock: new ManualClock() }), deps);

const get = (rig: IngestRig, path: string, headers: Record<string, string> = {}) =>
  rig.send({ method: 'GET', path, headers });
const settings = '/v1/projects/key/settings';
const script = '/analytics.js/v1/key/analytics.min.js';

test('the settings send SDKs back to the address they were asked at', async (context) => {
  const rig = await start(context);
  const answer = await get(rig, settings, { Host: 'events.example:8080' });
  assert.equal(answer.status, 200);
  assert.equal(answer.headers['access-control-allow-origin'], '*');
  assert.equal(answer.headers['content-type'], 'application/json');
  const { integrations, plan, metrics } = JSON.parse(answer.text);
  assert.equal(integrations['Segment.io'].apiKey, 'key');
  assert.equal(integrations['Segment.io'].apiHost, 'events.example:8080/v1');
  assert.equal(integrations['Segment.io'].protocol, 'http');
  assert.deepEqual(Object.keys(integrations), ['Segment.io']);
  assert.equal(plan.track.__default.enabled, true);
  assert.equal(metrics.sampleRate, 0);
});

test('the configured public address wins over the Host header', async (context) => {
  for (const publicUrl of ['https://events.example', 'https://events.example/']) {
    const rig = await start(context, { clients: { publicUrl } });
    const { integrations } = JSON.parse((await get(rig, settings)).text);
    assert.equal(integrations['Segment.io'].apiHost, 'events.example/v1');
    assert.equal(integrations['Segment.io'].protocol, 'https');
  }
});

test('every part of the settings that Kotlin reads as an object is one', async (context) => {
  const rig = await start(context);
  const { integrations, plan, middlewareSettings, edgeFunction, metrics, consentSettings } =
    JSON.parse((await get(rig, settings)).text);
  const parts = [integrations, plan, middlewareSettings, edgeFunction, metrics, consentSettings];
  for (const part of parts) assert.equal(Object.prototype.toString.call(part), '[object Object]');
});

test('an unknown key has no settings and no script', async (context) => {
  const rig = await start(context);
  const paths = [settings, script].map((path) => path.replace('/key/', '/nobody/'));
  for (const path of [...paths, '/v1/projects/%2e%2e/settings', '/v1/projects//settings']) {
    const answer = await get(rig, path);
    assert.equal(answer.status, 404, path);
    assert.equal(answer.json['success'], false);
  }
});

test('a hostile Host header does not break the settings', async (context) => {
  const rig = await start(context);
  for (const host of ['a"b', '"><script>', ':', '[', 'user@host', ' ']) {
    const answer = await get(rig, settings, { Host: host });
    assert.ok(answer.status === 200 || answer.status === 400, host);
    if (answer.status === 200) assert.match(answer.text, /"apiHost":"[\w.:[\]]*\/v1"/);
  }
});

test('analytics.js carries the write key of its path, compressed where the client takes it', async (context) => {
  const rig = await start(context);
  for (const path of [
    script,
    script.replace('.min', ''),
    script.replace('key/', 'key/platform/'),
  ]) {
    const plain = await get(rig, path);
    assert.equal(plain.status, 200, path);
    assert.match(String(plain.headers['content-type']), /^text\/javascript/);
    assert.ok(plain.text.includes('window.analyticsWriteKey="key"'));
    assert.ok(!plain.text.includes('"__WRITE_KEY__"'));
    const packed = await get(rig, path, { 'Accept-Encoding': 'gzip, br' });
    assert.equal(packed.headers['content-encoding'], 'gzip');
    assert.equal(packed.headers.vary, 'Accept-Encoding');
    assert.deepEqual(gunzipSync(packed.bytes), plain.bytes);
    const refused = await get(rig, path, { 'Accept-Encoding': 'gzip;q=0' });
    assert.equal(refused.headers['content-encoding'], undefined);
  }
});

test('a write key cannot break out of the script', async (context) => {
  const rig = await start(context);
  const key = '"]);alert(1);//$&';
  rig.configure([sourceConfig('src', { writeKeys: [key] })]);
  const answer = await get(rig, script.replace('/key/', `/${encodeURIComponent(key)}/`));
  assert.ok(answer.text.includes(`window.analyticsWriteKey=${JSON.stringify(key)}`));
});

test('the script is revalidated by its tag', async (context) => {
  const rig = await start(context);
  const tag = String((await get(rig, script)).headers.etag);
  const again = await get(rig, script, { 'If-None-Match': tag });
  assert.equal(again.status, 304);
  assert.equal(again.text, '');
  assert.equal((await get(rig, script, { 'If-None-Match': 'W/"other"' })).status, 200);
});

test('the script tells analytics.js the server it came from, unless the page did', async (context) => {
  const rig = await start(context);
  const { text } = await get(rig, script);
  const prelude = text.slice(0, text.indexOf('})();') + 5);
  const run = (src: string, window: Record<string, unknown>, key: string | null = null) => {
    const marked = key === null ? null : { getAttribute: () => key };
    const document = { currentScript: { src }, querySelector: () => marked };
    runInNewContext(prelude, { window, document });
    return window;
  };
  const address = `http://127.0.0.1:8080${script}`;
  assert.equal(Object(run(address, {})['analytics'])._cdn, 'http://127.0.0.1:8080');
  assert.equal(Object(run(`https://h/proxy${script}`, {})['analytics'])._cdn, 'https://h/proxy');
  const own = { analytics: { _cdn: 'http://own' } };
  assert.equal(Object(run(address, own)['analytics'])._cdn, 'http://own');
  assert.equal(Object(run(address, {}, 'tracker')['tracker'])._cdn, 'http://127.0.0.1:8080');
  assert.deepEqual(run('http://h/bundled.js', {}), {});
});

test('chunks come from the package by name, hashed ones for ever', async (context) => {
  const rig = await start(context);
  const { text } = await get(rig, script);
  const hash = /"([0-9a-f]{20})"/.exec(text)?.[1];
  assert.ok(hash);
  const names = Array.from(text.matchAll(/"?([\w-]+)"?:"([0-9a-f]{20})"/g), ([, , id]) => id);
  assert.ok(names.length > 4);
  const chunk = '/analytics-next/bundles/schemaFilter.bundle.a6a77355d52c20e3a83d.js';
  const plain = await get(rig, chunk);
  assert.equal(plain.status, 200);
  assert.match(String(plain.headers['cache-control']), /immutable/);
  assert.equal(plain.headers['access-control-allow-origin'], '*');
  const packed = await get(rig, chunk, { 'Accept-Encoding': 'gzip' });
  assert.equal(packed.headers['content-encoding'], 'gzip');
  assert.deepEqual(gunzipSync(packed.bytes), plain.bytes);
  assert.equal((await rig.send({ method: 'HEAD', path: chunk })).status, 200);
});

test('nothing but the browser build can be read', async (context) => {
  const rig = await start(context);
  const names = [
    '..%2f..%2fpackage.json',
    '../../package.json',
    '..%5c..',
    'nothing.js',
    '.',
    '%00.js',
  ];
  for (const name of names) {
    const answer = await get(rig, `/analytics-next/bundles/${name}`);
    assert.equal(answer.status, 404, name);
  }
  const classic = script.replace('.min', '.classic');
  for (const path of [classic, '/next-integrations/integrations/x/1/x.dynamic.js.gz']) {
    assert.equal((await get(rig, path)).status, 404);
  }
});

test('the settings are revalidated by their tag, which changes with them; long ones are gzipped', async (context) => {
  const rig = await start(context);
  const source = (more = {}) => sourceConfig('src', { writeKeys: ['key'], clientSettings: more });
  const plain = await get(rig, settings);
  assert.equal(plain.headers['cache-control'], 'public, max-age=60');
  assert.match(String(plain.headers.vary), /Host/);
  const tag = { 'If-None-Match': String(plain.headers.etag) };
  assert.equal((await get(rig, settings, tag)).status, 304);
  assert.equal((await get(rig, settings, { ...tag, Host: 'other.example' })).status, 200);
  const remotePlugins = [{ name: 'x'.repeat(2_000) }];
  rig.configure([source({ retryQueue: false, remotePlugins })]);
  const changed = await get(rig, settings, { ...tag, 'Accept-Encoding': 'gzip' });
  assert.equal(changed.status, 200);
  assert.equal(changed.headers['content-encoding'], 'gzip');
  const { integrations } = JSON.parse(gunzipSync(changed.bytes).toString());
  assert.equal(integrations['Segment.io'].retryQueue, false);
});

test('the settings are those of the key’s source, its enabled destinations and no other’s', async (context) => {
  const rig = await start(context);
  const sources = ['a', 'b'].map((id) =>
    sourceConfig(id, { writeKeys: [id], clientSettings: { plan: { track: { [id]: {} } } } }),
  );
  const made = { slug: 's', since: 0, settings: {}, enabled: true };
  const connections = [
    { ...made, id: '1', sourceId: 'a', integration: 'Of A' },
    { ...made, id: '2', sourceId: 'b', integration: 'Of B' },
    { ...made, id: '3', sourceId: 'a', integration: 'Off', enabled: false },
  ];
  rig.configure(sources, { connections });
  const { integrations, plan } = JSON.parse((await get(rig, '/v1/projects/a/settings')).text);
  assert.deepEqual(integrations['Segment.io'].unbundledIntegrations, ['Of A']);
  assert.deepEqual(Object.keys(plan.track), ['__default', 'a']);
});
