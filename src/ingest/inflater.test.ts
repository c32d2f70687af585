import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { limits } from '../core/limits.ts';
import type { Inflated } from './inflate-body.ts';
import { Inflater } from './inflater.ts';

const inline = limits.inflateInlineBytes;
const most = 4 * inline;

/** A gzip whose trailer names another length. */
function claiming(length: number, bytes: Buffer): Buffer {
  const gzip = gzipSync(bytes);
  gzip.writeUInt32LE(length, gzip.length - 4);
  return gzip;
}

function inflated(inflater: Inflater, body: Buffer, bound = most): Promise<Inflated> {
  return new Promise((resolve) => inflater.inflate({}, body, bound, resolve));
}

/** What came of it before `inflate` returned. */
function atOnce(inflater: Inflater, body: Buffer): Inflated | undefined {
  let result: Inflated | undefined;
  inflater.inflate({}, body, most, (value) => {
    result = value;
  });
  return result;
}

test('small bodies are inflated at once, larger ones on a thread', async () => {
  const inflater = new Inflater();
  const small = Buffer.alloc(inline, 'a');
  assert.deepEqual(atOnce(inflater, gzipSync(small)), { kind: 'inflated', body: small });
  const large = Buffer.alloc(inline + 1, 'a');
  assert.equal(atOnce(inflater, gzipSync(large)), undefined);
  assert.deepEqual(await inflated(inflater, gzipSync(large)), { kind: 'inflated', body: large });
});

test('a bomb that says so is refused before a byte of it is inflated', () => {
  const bomb = gzipSync(Buffer.alloc(most + 1));
  bomb.fill(0xff, 20, 30); // Inflated, it would be found broken.
  assert.deepEqual(atOnce(new Inflater(), bomb), { kind: 'too-large' });
});

test('a bomb that calls itself small is inflated to the bound and refused', async () => {
  const inflater = new Inflater();
  const bomb = claiming(10, Buffer.alloc(16 * most));
  assert.deepEqual(await inflated(inflater, bomb), { kind: 'too-large' });
  assert.deepEqual(await inflated(inflater, bomb, 100), { kind: 'too-large' });
});

test('a length that could not be makes a body broken, not large; so do other faults', async () => {
  const inflater = new Inflater();
  const text = Buffer.from('{"userId":"u"}');
  const bodies = [
    claiming(0xffff_ffff, text),
    gzipSync(text).subarray(0, 12),
    gzipSync(Buffer.alloc(2 * inline)).fill(0xff, 12, 40),
  ];
  for (const body of bodies) assert.deepEqual(await inflated(inflater, body), { kind: 'corrupt' });
});

test('a body in several parts is inflated whole, whatever its last part says', async () => {
  const [first, last] = [Buffer.alloc(2 * inline, 'a'), Buffer.from('b')];
  const body = Buffer.concat([gzipSync(first), gzipSync(last)]);
  const expected = { kind: 'inflated', body: Buffer.concat([first, last]) };
  assert.deepEqual(await inflated(new Inflater(), body), expected);
});

test('those that wait for a thread are bounded by number and bytes; the others get theirs, and then more', async () => {
  for (const [body, room] of [
    [gzipSync(Buffer.alloc(2 * inline)), limits.inflateWaiting],
    [stored(1_000_000), Math.floor(limits.inflateWaitingBytes / 1_000_000) - 2],
  ] as const) {
    const inflater = new Inflater();
    const kinds: string[] = [];
    const all = Array.from({ length: 600 }, async () => {
      const { kind } = await inflated(inflater, body, 2_000_000);
      kinds.push(kind);
    });
    await Promise.all(all);
    const taken = kinds.filter((kind) => kind === 'inflated').length;
    assert.ok(taken >= room && taken <= room + 4, `${taken} taken, room for ${room}`);
    assert.equal(kinds.filter((kind) => kind === 'overloaded').length, 600 - taken);
    assert.equal((await inflated(inflater, body, 2_000_000)).kind, 'inflated');
  }
});

test('what comes behind a body of the same owner waits for it, what comes of others does not', async () => {
  const inflater = new Inflater();
  const [owner, other] = [{}, {}];
  const large = gzipSync(Buffer.alloc(2 * inline));
  const order: string[] = [];
  const all = new Promise<void>((resolve) => {
    const inflate = (name: string) => inflater.inflate(owner, large, most, () => order.push(name));
    inflate('first');
    inflater.inOrder(owner, 1, () => order.push('second'));
    inflater.inOrder(owner, 1, () => inflate('third'));
    inflater.inOrder(owner, 1, () => order.push('fourth'));
    inflater.inOrder(owner, 1, resolve);
    inflater.inOrder(other, 1, () => order.push('of another'));
  });
  await all;
  assert.deepEqual(order, ['of another', 'first', 'second', 'third', 'fourth']);
  assert.equal(
    inflater.inOrder(owner, 1, () => order.push('at once')),
    true,
  );
  assert.equal(order.at(-1), 'at once');
});

test('what waits behind a body is bounded, too', async () => {
  const inflater = new Inflater();
  const owner = {};
  const done = new Promise((resolve) =>
    inflater.inflate(owner, gzipSync(Buffer.alloc(2 * inline)), most, resolve),
  );
  const half = limits.inflateWaitingBytes / 2;
  assert.equal(
    inflater.inOrder(owner, half, () => undefined),
    true,
  );
  assert.equal(
    inflater.inOrder(owner, half, () => undefined),
    false,
  );
  await done;
  assert.equal((await inflated(inflater, stored(1_000_000), 2_000_000)).kind, 'inflated');
});

/** A gzip of about so many bytes. */
function stored(bytes: number): Buffer {
  return gzipSync(Buffer.alloc(bytes, 'a'), { level: 0 });
}
