import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { InputRanges } from '../../core/input-ranges.ts';
import { silentLogger } from '../../core/logger.ts';
import { random } from '../../core/testing/random.ts';
import type { FileKeySet } from './file-key-set.ts';
import { openKeySet } from './open-key-set.ts';

const window = 86_400_000;
const secret = new Uint8Array(16);

function folderFor(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-keys-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

function open(folder: string, more: { committed?: number; secret?: Uint8Array } = {}) {
  return openKeySet({
    folder,
    windowMs: window,
    committed: Number.MAX_SAFE_INTEGER,
    secret,
    logger: silentLogger,
    tableBits: 12,
    ...more,
  });
}

/** Adds keys `from` to `to` of a fixed sequence; returns how many were new. */
async function fill(keys: FileKeySet, from: number, to: number, step = 1): Promise<number> {
  let added = 0;
  for (let at = from; at < to; at += 500) {
    const end = Math.min(at + 500, to);
    for (let n = at; n < end; n++) if (keys.add(keyOf(n), n, n * step)) added++;
    await keys.cover({ from: at, to: end, seenFrom: at * 10, seenTo: end * 10 });
  }
  await keys.settle();
  return added;
}

/** Uniform, and different for different n. */
function keyOf(n: number): number {
  return Math.imul(n + 1, 0x9e3779b1) >>> 0;
}

test('keys that went to files are found there, and no other key is', async (t) => {
  const keys = await open(folderFor(t));
  assert.equal(await fill(keys, 0, 40_000), 40_000);
  assert.ok(keys.stats().files > 0);
  assert.equal(keys.stats().keys, 40_000);
  assert.equal(await fill(keys, 0, 40_000), 0);
  let found = 0;
  for (let n = 0; n < 500; n++) if (!keys.add(keyOf(n), n + 1_000_000, 0)) found++;
  assert.equal(found, 0, 'equal upper halves with other lower ones are other keys');
  await keys.close();
});

test('after opening again the covered input is in the set, and what was in memory is not claimed', async (t) => {
  const folder = folderFor(t);
  const first = await open(folder);
  await fill(first, 0, 10_000);
  await first.close();
  const second = await open(folder);
  const [range] = new InputRanges(second.covered).all;
  assert.equal(range?.from, 0);
  const to = range?.to ?? 0;
  assert.ok(to > 0 && to < 10_000);
  assert.equal(second.durableTo, to);
  assert.equal(second.seenTo, to * 10);
  assert.equal(second.damaged, false);
  assert.equal(await fill(second, 0, to), 0);
  assert.equal(await fill(second, to, 10_000), 10_000 - to);
  await second.close();
});

test('neighbouring files become one, and every key is still found', async (t) => {
  const folder = folderFor(t);
  const keys = await open(folder);
  await fill(keys, 0, 2_703 * 20);
  assert.ok(keys.stats().files < 10, `${keys.stats().files} files`);
  assert.equal(readdirSync(folder).length, keys.stats().files);
  assert.equal(await fill(keys, 0, 2_703 * 20), 0);
  await keys.close();
});

test('what left the window is deleted, what is within is kept, and seen may be trimmed up to it', async (t) => {
  const folder = folderFor(t);
  const keys = await open(folder);
  // 100,000 keys over four windows.
  const step = (window * 4) / 100_000;
  await fill(keys, 0, 100_000, step);
  const { keys: kept } = keys.stats();
  assert.ok(kept >= 25_000 && kept < 45_000, `${kept} kept`);
  assert.ok(keys.seenNeededFrom > 500_000 && keys.seenNeededFrom <= 750_000);
  assert.ok(keys.horizon <= 100_000 * step - window);
  let forgotten = 0;
  for (let n = 75_000; n < 100_000; n++) if (keys.add(keyOf(n), n, 100_000 * step)) forgotten++;
  assert.equal(forgotten, 0);
  await keys.close();
});

test('one stamp of a clock that stood wrong neither empties the window nor stays for ever', async (t) => {
  const keys = await open(folderFor(t));
  const base = window * 10;
  const step = window / 20_000;
  const put = async (from: number, to: number, time: (n: number) => number) => {
    for (let at = from; at < to; at += 500) {
      for (let n = at; n < at + 500; n++) keys.add(keyOf(n), n, time(n));
      await keys.cover({ from: at, to: at + 500, seenFrom: at, seenTo: at + 500 });
    }
    await keys.settle();
  };
  await put(0, 6_000, (n) => base + n * step);
  // Years ahead, for a moment; and once at the epoch.
  await put(6_000, 6_500, (n) => (n === 6_001 ? base * 100 : n === 6_002 ? 0 : base + n * step));
  await put(6_500, 15_000, (n) => base + n * step);
  let forgotten = 0;
  for (let n = 0; n < 15_000; n++) if (keys.add(keyOf(n), n, base + 15_000 * step)) forgotten++;
  assert.equal(forgotten, 0, 'nothing is older than a window');
  await put(15_000, 80_000, (n) => base + n * step);
  assert.ok(keys.seenNeededFrom > 6_500, 'the file with the odd stamp has gone');
  await keys.close();
});

test('a file with a flipped bit, a cut file and one of another secret are thrown away and said', async (t) => {
  const folder = folderFor(t);
  const keys = await open(folder);
  await fill(keys, 0, 9_000);
  await keys.close();
  const name = readdirSync(folder).sort()[0] ?? '';
  const whole = readFileSync(join(folder, name));
  for (const at of [0, 4_001, whole.length - 40, whole.length - 12, whole.length - 3]) {
    const flipped = Buffer.from(whole);
    flipped[at] = (flipped[at] ?? 0) ^ 1;
    writeFileSync(join(folder, name), flipped);
    const opened = await open(folder);
    assert.equal(opened.damaged, true, `byte ${at}`);
    assert.equal(
      opened.covered.some(({ from }) => from === 0),
      false,
    );
    await opened.close();
  }
  for (const length of [0, 7, 16, 4_096, whole.length - 1]) {
    writeFileSync(join(folder, name), whole.subarray(0, length));
    const opened = await open(folder);
    assert.equal(opened.damaged, true, `${length} bytes`);
    await opened.close();
  }
  writeFileSync(join(folder, name), whole);
  const other = await open(folder, { secret: new Uint8Array(16).fill(1) });
  assert.equal(other.damaged, true);
  assert.equal(other.stats().files, 0);
  await other.close();
});

test('a file that covers input not committed in events is thrown away', async (t) => {
  const folder = folderFor(t);
  const keys = await open(folder);
  await fill(keys, 0, 9_000);
  await keys.close();
  const opened = await open(folder, { committed: 3_000 });
  assert.equal(opened.damaged, true);
  assert.ok(opened.covered.every(({ to }) => to <= 3_000));
  await opened.close();
});

test('what an interrupted merge or write has left is cleared away', async (t) => {
  const folder = folderFor(t);
  const keys = await open(folder);
  await fill(keys, 0, 6_200);
  await keys.close();
  const names = readdirSync(folder).sort();
  assert.equal(names.length, 2);
  copyFileSync(join(folder, names[0] ?? ''), join(folder, '0000000090.run'));
  writeFileSync(join(folder, '0000000091.run.tmp'), 'half');
  const opened = await open(folder);
  assert.deepEqual([opened.stats().files, opened.damaged], [2, false]);
  assert.deepEqual(readdirSync(folder).sort(), [names[1], '0000000090.run']);
  await opened.close();
});

test('the set agrees with a map over random adds, odd times and restarts', async (t) => {
  const seed = randomInt(2 ** 31);
  t.diagnostic(`seed ${seed}`);
  const dice = random(seed);
  const folder = folderFor(t);
  let keys = await open(folder);
  /** Key to the input at which it was added and its time. */
  const model = new Map<number, { input: number; time: number }>();
  let input = 0;
  let time = window * 100;
  for (let round = 0; round < 400; round++) {
    const from = input;
    const count = dice.between(1, 600);
    for (let n = 0; n < count; n++) {
      time += dice.between(0, 19_999);
      const odd = dice.chance(1 / 5_000) ? dice.between(0, window - 1) - window / 2 : 0;
      const index = dice.between(0, 199_999);
      const isNew = keys.add(keyOf(index), index, time + odd);
      const known = model.get(index);
      if (known === undefined) assert.ok(isNew, `seed ${seed}: key ${index} was never added`);
      else if (known.time > time - window) {
        assert.ok(!isNew, `seed ${seed}: key ${index} is within the window`);
      }
      if (isNew) model.set(index, { input, time });
      input++;
    }
    await keys.cover({ from, to: input, seenFrom: from, seenTo: input });
    if (dice.chance(1 / 40)) {
      await keys.close();
      keys = await open(folder);
      const covered = new InputRanges(keys.covered);
      // What the owner does: the rest comes from `seen`.
      const first = covered.all[0]?.from ?? 0;
      for (const gap of covered.missing({ from: first, to: input })) {
        for (const [index, { input: at, time: then }] of model) {
          if (at >= gap.from && at < gap.to) keys.add(keyOf(index), index, then);
        }
        await keys.cover({ ...gap, seenFrom: gap.from, seenTo: gap.to });
      }
    }
  }
  await keys.close();
});
