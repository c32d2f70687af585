/** The engine of S3 against a server of another maker. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { systemClock } from '../../src/core/clock.ts';
import { objectStoreConformance } from '../../src/core/object-store.conformance.ts';
import { openObjectStore } from '../../src/storage/open-object-store.ts';
import { type S3, startS3 } from '../rig/s3.ts';
import { python } from '../services/toolchains.ts';

const skip = python.find() === undefined && 'Python cannot be installed here';
const options = { clock: systemClock };
let s3: S3 | undefined;
before(async () => {
  if (skip === false) s3 = await startS3();
});
after(() => s3?.stop());

async function place(prefix: string): Promise<string> {
  assert(s3 !== undefined, 'it was started');
  return s3.url(prefix);
}

if (skip === false) {
  objectStoreConformance('S3', async () => ({
    store: await openObjectStore(await place('some/prefix'), options),
    cleanup: async () => undefined,
  }));
}

test('objects beside the prefix are nobody’s business', { skip }, async () => {
  const url = await place('mine');
  const other = await openObjectStore(url.replace('/mine', '/mine-too'), options);
  await other.put('a', Buffer.from('other'));
  const mine = await openObjectStore(url, options);
  for await (const { key } of mine.list('')) assert.fail(key);
  assert.equal(await mine.get('a'), undefined);
  assert.match(mine.place, /^s3:\/\/bucket-\d+\/mine\/$/);
  for (const store of [mine, other]) await store.close();
});

test('a bucket that is not there, or a server that is away, is an operating error', {
  skip,
}, async () => {
  const url = await place('x');
  const lost = await openObjectStore(url.replace(/@bucket-\d+/, '@no-such-bucket'), options);
  const failed = { code: 'object_store_failed' };
  await assert.rejects(lost.put('a', Buffer.from('x')), failed);
  await assert.rejects(async () => {
    for await (const { key } of lost.list('')) assert.fail(key);
  }, failed);
  const away = await openObjectStore('s3://k:s@bucket-1/x?endpoint=http://127.0.0.1:1', options);
  await assert.rejects(away.get('a'), failed);
  for (const store of [lost, away]) await store.close();
});
