import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import type { ObjectStore } from './object-store.ts';

/** Opens an engine on an empty place of its own. */
export type OpenSubject = () => Promise<{
  readonly store: ObjectStore;
  cleanup(): Promise<void>;
}>;

type ObjectCase = (store: ObjectStore) => Promise<void>;

const cases: Record<string, ObjectCase> = {
  'an object is read as it was written, whole, as a stream and by what is known of it': async (
    store,
  ) => {
    const body = Buffer.from(Array.from({ length: 100_000 }, (_, at) => at % 251));
    const put = await store.put('a/b=1/größe 1.bin', body);
    const got = await store.get('a/b=1/größe 1.bin');
    assert.ok(put.ok);
    assert.deepEqual(got?.body, body);
    const info = { key: 'a/b=1/größe 1.bin', bytes: 100_000, etag: put.etag };
    assert.deepEqual({ key: got?.key, bytes: got?.bytes, etag: got?.etag }, info);
    assert.deepEqual(await store.find(info.key), info);
    const opened = await store.open(info.key);
    assert.ok(opened !== undefined);
    assert.deepEqual(await buffer(opened.stream), body);
  },

  'an empty object is one': async (store) => {
    await store.put('empty', Buffer.alloc(0));
    assert.equal((await store.get('empty'))?.body.length, 0);
    assert.equal((await store.find('empty'))?.bytes, 0);
  },

  'what is not there is undefined, and deleting it is nothing': async (store) => {
    assert.equal(await store.get('no/such'), undefined);
    assert.equal(await store.open('no/such'), undefined);
    assert.equal(await store.find('no/such'), undefined);
    await store.delete('no/such');
    assert.deepEqual(await keys(store, ''), []);
  },

  'an object is replaced whole, and has another etag then': async (store) => {
    const first = await store.put('one', Buffer.from('first, which is longer'));
    const second = await store.put('one', Buffer.from('second'));
    assert.ok(first.ok && second.ok && first.etag !== second.etag);
    assert.equal(String((await store.get('one'))?.body), 'second');
  },

  'what is to be new is not written over what is there': async (store) => {
    assert.ok((await store.put('new', Buffer.from('1'), { onlyIf: 'absent' })).ok);
    const again = await store.put('new', Buffer.from('2'), { onlyIf: 'absent' });
    assert.deepEqual(again, { ok: false });
    assert.equal(String((await store.get('new'))?.body), '1');
  },

  'of many that write what is to be new one does': async (store) => {
    const all = Array.from({ length: 8 }, (_, n) =>
      store.put('race', Buffer.from(`${n}`), { onlyIf: 'absent' }),
    );
    const won = (await Promise.all(all)).map(({ ok }) => ok);
    assert.equal(won.filter(Boolean).length, 1);
    assert.equal(String((await store.get('race'))?.body), String(won.indexOf(true)));
  },

  'what is to replace one content replaces no other': async (store) => {
    const first = await store.put('one', Buffer.from('first'));
    assert.ok(first.ok);
    const second = await store.put('one', Buffer.from('second'), { onlyIf: { etag: first.etag } });
    assert.ok(second.ok);
    const late = await store.put('one', Buffer.from('late'), { onlyIf: { etag: first.etag } });
    assert.deepEqual(late, { ok: false });
    assert.equal(String((await store.get('one'))?.body), 'second');
    await store.delete('one');
    const gone = await store.put('one', Buffer.from('gone'), { onlyIf: { etag: second.etag } });
    assert.deepEqual(gone, { ok: false });
  },

  'objects are listed by the beginning of their key, in the order of its bytes': async (store) => {
    const all = ['a.x', 'a/1', 'a/10', 'a/2/z', 'a/b', 'aa', 'b/c/d', 'z=%41 +&', 'é'];
    for (const key of all.toReversed()) await store.put(key, Buffer.from(key));
    assert.deepEqual(await keys(store, ''), all);
    assert.deepEqual(await keys(store, 'a'), all.slice(0, 6));
    assert.deepEqual(await keys(store, 'a/'), all.slice(1, 5));
    assert.deepEqual(await keys(store, 'a/1'), ['a/1', 'a/10']);
    assert.deepEqual(await keys(store, 'a/2/'), ['a/2/z']);
    assert.deepEqual(await keys(store, 'z='), ['z=%41 +&']);
    assert.deepEqual(await keys(store, 'c'), []);
    for await (const { key, bytes, etag } of store.list('a/b')) {
      assert.deepEqual(await store.find(key), { key, bytes, etag });
    }
  },

  'more objects are listed than the far end gives at once': async (store) => {
    const all = Array.from({ length: 1_050 }, (_, n) => `many/${String(n).padStart(5, '0')}`);
    for (let at = 0; at < all.length; at += 50) {
      await Promise.all(all.slice(at, at + 50).map((key) => store.put(key, Buffer.from(key))));
    }
    assert.deepEqual(await keys(store, 'many/'), all);
  },

  'what was deleted is gone, and nothing beside it': async (store) => {
    for (const key of ['f/a', 'f/b', 'g/h/i']) await store.put(key, Buffer.from(key));
    await store.delete('f/a');
    await store.delete('g/h/i');
    assert.deepEqual(await keys(store, ''), ['f/b']);
    await store.put('g', Buffer.from('its folder is gone too'));
    assert.deepEqual(await keys(store, 'g'), ['g']);
  },

  'a file is taken over': async (store) => {
    const folder = await mkdtemp(join(tmpdir(), 'tributary-objects-'));
    try {
      const file = join(folder, 'local');
      for (const text of ['first', 'second']) {
        await writeFile(file, text);
        await store.put('taken/over', { file });
        assert.equal(String((await store.get('taken/over'))?.body), text);
        assert.deepEqual(await readdir(folder), []);
      }
      await writeFile(file, 'third');
      assert.deepEqual(await store.put('taken/over', { file }, { onlyIf: 'absent' }), {
        ok: false,
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  },

  'a key that would leave the place is a bug': async (store) => {
    for (const key of [
      '',
      '/a',
      'a/',
      'a//b',
      '../a',
      'a/../b',
      'a/.',
      'a\\b',
      'a\nb',
      '.tributary',
    ]) {
      await assert.rejects(store.put(key, Buffer.from('x')), { name: 'AssertionError' }, key);
      await assert.rejects(store.get(key), { name: 'AssertionError' }, key);
    }
  },
};

async function keys(store: ObjectStore, prefix: string): Promise<string[]> {
  const all: string[] = [];
  for await (const { key } of store.list(prefix)) all.push(key);
  return all;
}

/** What every object store promises, as named cases. */
export function objectStoreConformance(name: string, open: OpenSubject): void {
  describe(`${name} keeps the contract of an object store`, () => {
    for (const [rule, check] of Object.entries(cases)) {
      it(rule, async () => {
        const { store, cleanup } = await open();
        try {
          await check(store);
        } finally {
          await store.close();
          await cleanup();
        }
      });
    }
  });
}
