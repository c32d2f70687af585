import assert from 'node:assert/strict';
import { cp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { LogRecord, Recovery } from '../../../core/event-log.ts';
import {
  entry,
  forAll,
  LogFolder,
  range,
  readEverything,
  seededRandom,
} from './testing/log-folder.ts';

/**
 * A log of one file with `commits` commits of two records each, every one its own group, as a
 * process leaves it that was killed: not closed, so the `end` is what the last flush published.
 */
const commits = 12;

interface Sample {
  readonly folder: LogFolder;
  readonly path: string;
  readonly bytes: Buffer;
  /** Byte at which each commit begins, and the end of the last. */
  readonly edges: readonly number[];
  /** The slots of `end` after each commit. */
  readonly ends: readonly Buffer[];
}

async function makeSample(): Promise<Sample> {
  const folder = await LogFolder.make();
  const engine = await folder.open();
  const { writer } = await engine.openWriter('events', 0);
  const path = folder.path('events-0/00000001.log');
  const edges = [writer.end % 2 ** 28];
  const ends: Buffer[] = [];
  for (let i = 0; i < commits; i++) {
    await writer.append([entry(`${i}a`), entry(`${i}b`)], { mark: i + 1 });
    edges.push(writer.end % 2 ** 28);
    ends.push(await readFile(folder.path('events-0/end')));
  }
  await writer.close();
  await engine.close();
  const bytes = await readFile(path);
  assert.equal(bytes.length, edges.at(-1));
  return { folder, path, bytes, edges, ends };
}

/** Opens a copy of the sample after `harm`, appends, and says what is read then. */
async function openHarmed(
  sample: Sample,
  harm: (path: string, end: string) => Promise<void>,
): Promise<{ texts: string[]; recovery: Recovery; said: boolean; records: LogRecord[] }> {
  const copy = await LogFolder.make();
  try {
    await cp(sample.folder.dir, copy.dir, { recursive: true });
    await rm(copy.path('events-0/00000001.idx'), { force: true });
    await harm(copy.path('events-0/00000001.log'), copy.path('events-0/end'));
    const engine = await copy.open();
    const { writer, recovery } = await engine.openWriter('events', 0);
    await writer.append([entry('new')], { mark: 100 });
    const reader = await engine.openReader('events', 0);
    const { records, damaged } = await readEverything(reader);
    const again = await readEverything(reader);
    assert.deepEqual(again.damaged, [], 'damage is reported once a reader');
    await engine.close();

    const next = await copy.open();
    const second = await next.openWriter('events', 0);
    const later = await readEverything(await next.openReader('events', 0));
    assert.equal(second.recovery.cutBytes, 0);
    assert.deepEqual(
      later.records.map((r) => r.offset),
      records.map((r) => r.offset),
      'what was read once stays',
    );
    assert.equal(second.writer.mark, 100);
    await next.close();
    const said = recovery.cutBytes > 0 || recovery.damaged.length > 0 || damaged.length > 0;
    return { texts: records.map((r) => r.body.toString()), recovery, said, records };
  } finally {
    await copy.remove();
  }
}

function textsOf(from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, i) => [`${from + i}a`, `${from + i}b`]).flat();
}

describe('a log file that was harmed opens, keeps the rest and says what is gone', () => {
  let sample: Sample;
  before(async () => {
    sample = await makeSample();
  });
  after(() => sample.folder.remove());

  it('cut at every byte of the last commits, nothing published: the torn tail is cut', async () => {
    const { edges, bytes } = sample;
    await forAll(range(edges.at(-3) ?? 0, bytes.length), async (cut) => {
      const kept = edges.findLastIndex((edge) => edge <= cut);
      const result = await openHarmed(sample, async (path, end) => {
        await truncate(path, cut);
        await rm(end);
      });
      assert.deepEqual(result.texts, [...textsOf(0, kept), 'new'], `cut at ${cut}`);
      assert.deepEqual(result.recovery.damaged, []);
      const torn = bytes.subarray(edges[kept] ?? 0, cut).findLastIndex((byte) => byte !== 0) + 1;
      assert.equal(result.recovery.cutBytes, torn, `cut at ${cut}`);
    });
  });

  it('cut at every byte of the last commit, all published: it is damage', async () => {
    const { edges, bytes } = sample;
    await forAll(range(edges.at(-2) ?? 0, bytes.length), async (cut) => {
      const kept = edges.findLastIndex((edge) => edge <= cut);
      const result = await openHarmed(sample, (path) => truncate(path, cut));
      assert.deepEqual(result.texts, [...textsOf(0, kept), 'new'], `cut at ${cut}`);
      assert.equal(result.recovery.cutBytes, 0);
      assert.ok(result.recovery.damaged.length > 0, `cut at ${cut} is said`);
    });
  });

  it('cut anywhere before: what lies before the cut is kept', async () => {
    const random = seededRandom();
    await forAll(range(0, 60), async (i) => {
      const cut = Math.floor(random() * (sample.edges.at(-3) ?? 0));
      const kept = Math.max(
        0,
        sample.edges.findLastIndex((edge) => edge <= cut),
      );
      const result = await openHarmed(sample, async (path, end) => {
        await truncate(path, cut);
        if (i % 2 === 0) await rm(end);
      });
      assert.deepEqual(result.texts, [...textsOf(0, kept), 'new'], `cut at ${cut}`);
      assert.ok(result.said || cut === sample.edges[kept] || cut === 0, `cut at ${cut} is said`);
    });
  });

  it('one bit flipped: only its commit is gone, and it is said', async () => {
    const { edges, bytes } = sample;
    const random = seededRandom();
    const heads = edges
      .slice(0, -1)
      .flatMap((edge) => Array.from({ length: 56 }, (_, i) => edge + i));
    const places = [
      ...range(0, edges[0] ?? 0).filter((i) => i % 3 === 0),
      ...heads.filter((_, i) => i % 13 === 0 || i >= heads.length - 56),
      ...Array.from({ length: 100 }, () => Math.floor(random() * bytes.length)),
    ];
    await forAll(places, async (place) => {
      const harmed = Buffer.from(bytes);
      harmed[place] = (harmed[place] ?? 0) ^ (1 << Math.floor(random() * 8));
      const result = await openHarmed(sample, (path) => writeFile(path, harmed));
      const commit = edges.findLastIndex((edge) => edge <= place);
      const lost = [...textsOf(0, commit), ...textsOf(commit + 1, commits), 'new'];
      const all = [...textsOf(0, commits), 'new'];
      if (commit < 0) assert.deepEqual(result.texts, all, `flip at ${place}`);
      else if (result.said) assert.deepEqual(result.texts, lost, `flip at ${place}`);
      else assert.deepEqual(result.texts, all, `flip at ${place} lost nothing: it hit padding`);
      assert.ok(result.said || isPadding(bytes, edges, place), `flip at ${place} is said`);
      assert.equal(result.recovery.cutBytes, 0, `flip at ${place}`);
    });
  });

  it('the end lost a while ago, or torn: what stands behind it is found', async () => {
    for (const end of [...sample.ends, Buffer.alloc(0), Buffer.alloc(80, 1)]) {
      const result = await openHarmed(sample, (_, path) => writeFile(path, end));
      assert.deepEqual(result.texts, [...textsOf(0, commits), 'new']);
      assert.equal(result.said, false);
    }
  });

  it('the last flip with an old end is a torn write, before it damage', async () => {
    const { edges, bytes, ends } = sample;
    for (const commit of [commits - 2, commits - 1]) {
      const harmed = Buffer.from(bytes);
      harmed[(edges[commit] ?? 0) + 60] = 0x55;
      const result = await openHarmed(sample, async (path, end) => {
        await writeFile(path, harmed);
        await writeFile(end, ends[2] ?? '');
      });
      const torn = commit === commits - 1;
      assert.equal(result.recovery.cutBytes > 0, torn);
      assert.equal(result.recovery.damaged.length, torn ? 0 : 1);
      assert.deepEqual(result.texts, [
        ...textsOf(0, commit),
        ...textsOf(commit + 1, commits),
        'new',
      ]);
    }
  });

  it('zeros behind the end are not a torn tail', async () => {
    const result = await openHarmed(sample, async (path, end) => {
      await writeFile(path, Buffer.concat([sample.bytes, Buffer.alloc(100_000)]));
      await rm(end);
    });
    assert.equal(result.said, false);
    assert.equal(result.texts.length, 2 * commits + 1);
  });

  it('both copies of the file header lost: the commits are kept and it is said', async () => {
    const result = await openHarmed(sample, async (path, end) => {
      const harmed = Buffer.from(sample.bytes);
      harmed.fill(0xee, 0, 128);
      await writeFile(path, harmed);
      await rm(end);
    });
    assert.deepEqual(result.texts, [...textsOf(0, commits), 'new']);
    assert.equal(result.recovery.damaged[0]?.reason, 'the file header is damaged');
  });

  it('a file begun in vain is taken away', async () => {
    for (const length of [0, 5, 64, 127]) {
      const result = await openHarmed(sample, async (path) => {
        await writeFile(join(path, '../00000002.log'), Buffer.alloc(length, 3));
      });
      assert.deepEqual(result.texts, [...textsOf(0, commits), 'new']);
      assert.deepEqual(result.recovery, { cutBytes: length, damaged: [] });
    }
  });
});

function isPadding(bytes: Buffer, edges: readonly number[], place: number): boolean {
  const end = edges.find((edge) => edge > place);
  return end !== undefined && end - place < 8 && bytes[place] === 0;
}
