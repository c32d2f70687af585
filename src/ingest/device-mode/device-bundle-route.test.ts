import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { silentLogger } from '../../core/logger.ts';
import { ManualClock } from '../../core/testing/manual-clock.ts';
import { openMemoryLogEngine } from '../../storage/log/memory/open-memory-log-engine.ts';
import { Answers } from '../answers.ts';
import { EarlyAnswers } from '../early-answers.ts';
import { exchange } from '../testing/exchange.ts';
import { type IngestRig, startIngest } from '../testing/ingest-rig.ts';
import { deviceBundleRoute } from './device-bundle-route.ts';
import { DeviceBundles } from './device-bundles.ts';

const vendored = join(import.meta.dirname, '..', '..', '..', 'vendor', 'browser-destinations');
const listed: Record<string, { bytes: number; integrity: string }> = JSON.parse(
  readFileSync(join(vendored, 'files.json'), 'utf8'),
);
const names = Object.keys(listed);
const start = async (context: TestContext): Promise<IngestRig> =>
  startIngest(context, await openMemoryLogEngine({ clock: new ManualClock() }));
const get = (rig: IngestRig, name: string, headers: Record<string, string> = {}, method = 'GET') =>
  rig.send({ method, path: `/next-integrations/actions/${name}`, headers });
const sumOf = (bytes: Buffer) => `sha384-${createHash('sha384').update(bytes).digest('base64')}`;

test('each bundle is sent as it was published, gzipped or not, to any origin and for ever', async (context) => {
  const rig = await start(context);
  assert.ok(names.length > 20);
  for (const name of names) {
    const plain = await get(rig, name);
    assert.equal(plain.status, 200, name);
    assert.equal(plain.bytes.length, listed[name]?.bytes);
    assert.equal(sumOf(plain.bytes), listed[name]?.integrity);
    const packed = await get(rig, name, { 'Accept-Encoding': 'gzip, br' });
    assert.equal(packed.headers['content-encoding'], 'gzip');
    assert.deepEqual(gunzipSync(packed.bytes), plain.bytes);
    for (const { headers } of [plain, packed]) {
      assert.match(String(headers['content-type']), /^text\/javascript/);
      assert.equal(headers['cache-control'], 'public, max-age=31536000, immutable');
      assert.equal(headers['access-control-allow-origin'], '*');
      assert.equal(headers.vary, 'Accept-Encoding');
    }
  }
});

test('a bundle is revalidated by its tag, and HEAD says its length', async (context) => {
  const rig = await start(context);
  const [name = ''] = names;
  const tag = String((await get(rig, name)).headers.etag);
  const again = await get(rig, name, { 'If-None-Match': tag });
  assert.equal(again.status, 304);
  assert.equal(again.text, '');
  const head = await get(rig, name, {}, 'HEAD');
  assert.equal(head.headers['content-length'], String(listed[name]?.bytes));
});

test('analytics.js’ obfuscated names find the same bundle, and the chunk that bundles load is there', async (context) => {
  const rig = await start(context);
  const name = names.find((one) => one.startsWith('google-analytics-4-web/')) ?? '';
  const [folder = '', file = ''] = name.split('/');
  const obfuscated = Buffer.from(folder).toString('base64').replaceAll('=', '');
  assert.equal((await get(rig, `${obfuscated}/${file}`)).status, 200);
  const { text } = await get(rig, name);
  const chunks = [...text.matchAll(/\+"\/([0-9a-f]{20}\.js)"/g)].map(([, chunk]) => chunk);
  assert.ok(chunks.length > 0);
  for (const chunk of chunks) {
    assert.ok(
      names.some((one) => one.endsWith(`/${chunk}`)),
      chunk,
    );
  }
});

test('nothing but the listed files can be read', async (context) => {
  const rig = await start(context);
  for (const name of ['files.json', 'heap/none.js', '..%2f..%2fx/a.js', 'x/..%2ffiles.json', '.']) {
    assert.equal((await get(rig, name)).status, 404, name);
  }
});

test('a file that was changed on disk is never sent', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'bundles-'));
  context.after(() => rmSync(folder, { recursive: true }));
  cpSync(vendored, folder, { recursive: true });
  writeFileSync(join(folder, `${names[0]}.gz`), gzipSync('alert(1)'));
  const bundles = new DeviceBundles(folder);
  const answers = new Answers(new ManualClock(), new EarlyAnswers());
  const { path, route } = deviceBundleRoute({ answers, logger: silentLogger, bundles });
  const server = createServer((request, response) => {
    const [, ...match] = new RegExp(path).exec(request.url ?? '') ?? [];
    route.handle(request, response, match);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  context.after(() => server.close());
  const address = server.address();
  assert(typeof address === 'object' && address !== null);
  const statusOf = async (name = '') =>
    (await exchange(address.port, { method: 'GET', path: `/next-integrations/actions/${name}` }))
      .status;
  assert.equal(await statusOf(names[0]), 500);
  assert.equal(await statusOf(names[1]), 200);
});
