/**
 * Fills the file key set with a window of message ids and prints memory, speed and the longest time
 * the event loop stood still: `bin/run --dev bench/dedupe-fill.ts [--keys millions]`. The keys come at
 * 1,000 a second of receivedAt, so 86.4 million are 24 hours. To give a stopped server such a window:
 * `--folder <data>/keys/0 --secret <data>/dedupe-secret --mark <mark of events>`; then it only fills.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { limits } from '../src/core/limits.ts';
import { silentLogger } from '../src/core/logger.ts';
import { openKeySet } from '../src/storage/keys/open-key-set.ts';

const { values } = parseArgs({
  options: {
    keys: { type: 'string', default: '86' },
    folder: { type: 'string' },
    secret: { type: 'string' },
    mark: { type: 'string' },
  },
});
const total = Number(values.keys) * 1_000_000;
const given = values.folder;
/** The keys are said to be those of the input up to here, received in the time up to now. */
const mark = Number(values.mark ?? total);
const firstReceived = Date.now() - total;
const folder = given ?? mkdtempSync(join(tmpdir(), 'tributary-keys-'));
const options = {
  folder,
  windowMs: limits.dedupeWindowMs,
  committed: Number.MAX_SAFE_INTEGER,
  secret: readSecret(values.secret),
  logger: { ...silentLogger, error: (fields: object, text: string) => console.log(text, fields) },
};

/** A bijection of 32-bit numbers with good mixing: key i can be made again without storing it. */
function mix(value: number, salt: number): number {
  let x = (value ^ salt) >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
  return (x ^ (x >>> 15)) >>> 0;
}
const hi = (index: number) => mix(index, 0x9e3779b9);
const lo = (index: number) => mix(index, 0x85ebca6b);

function say(text: string): void {
  const rss = Math.round(process.memoryUsage.rss() / 1e6);
  console.log(`${text}  RSS ${rss} MB`);
}

function readSecret(path: string | undefined): Uint8Array {
  return path === undefined
    ? new Uint8Array(16)
    : Buffer.from(readFileSync(path, 'utf8').trim(), 'hex');
}

const batch = 8_192;
const loop = monitorEventLoopDelay({ resolution: 1 });
say('start');
let keys = await openKeySet(options);
loop.enable();
const began = performance.now();
let added = 0;
let stepBegan = began;
let slowestBatch = 0;
for (let from = 0; from < total; from += batch) {
  const to = Math.min(from + batch, total);
  const at = performance.now();
  for (let index = from; index < to; index++)
    if (keys.add(hi(index), lo(index), firstReceived + index)) added++;
  slowestBatch = Math.max(slowestBatch, performance.now() - at);
  // No part of `seen` is claimed.
  const share = mark / total;
  await keys.cover({ from: from * share, to: to * share, seenFrom: 0, seenTo: 0 });
  await new Promise(setImmediate);
  if (Math.floor(from / 1e7) !== Math.floor(to / 1e7)) {
    const rate = Math.round(1e7 / (performance.now() - stepBegan));
    stepBegan = performance.now();
    const { files, memoryBytes } = keys.stats();
    say(
      `${to / 1e6} M keys: ${rate} k adds/s, ${files} files, ${Math.round(memoryBytes / 1e6)} MB`,
    );
  }
}
const seconds = (performance.now() - began) / 1_000;
say(
  `filled ${added} of ${total} in ${seconds.toFixed(1)} s, ${Math.round(total / seconds)} adds/s`,
);
console.log(
  `event loop delay p99 ${(loop.percentile(99) / 1e6).toFixed(1)} ms, max ${(loop.max / 1e6).toFixed(1)} ms;` +
    ` ${batch} adds took ${slowestBatch.toFixed(1)} ms at most`,
);
await keys.settle();
console.log(keys.stats());

/** Looks keys up in random order; `first` beyond the total gives keys never added. */
async function lookUp(name: string, first: number, span: number, count: number): Promise<void> {
  const at = performance.now();
  let fresh = 0;
  for (let n = 0; n < count; n++) {
    const index = first + (mix(n, 7) % span);
    if (keys.add(hi(index), lo(index), Date.now())) fresh++;
    if (n % batch === 0) await keys.cover({ from: 0, to: 1, seenFrom: 0, seenTo: 0 });
  }
  const rate = Math.round(count / (performance.now() - at));
  say(`${name}: ${rate} k/s, ${fresh} of ${count} new`);
}
if (given !== undefined) {
  await keys.close();
  process.exit(0);
}
const window = Math.min(total, 80_000_000);
await lookUp('duplicates', total - window, window, 1_000_000);
await lookUp('new keys', total, 1_000_000, 1_000_000);
await keys.settle();
await keys.close();

const opening = performance.now();
keys = await openKeySet(options);
say(`opened again in ${((performance.now() - opening) / 1_000).toFixed(1)} s`);
await keys.close();
rmSync(folder, { recursive: true });
