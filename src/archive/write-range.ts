import type { LogReader, LogRecord, Offset } from '../core/event-log.ts';
import { limits } from '../core/limits.ts';
import type { ObjectMeta } from '../core/objects.ts';
import { type EventMeta, recordKinds, type Stamp } from '../core/records.ts';
import type { Suppressions } from '../core/suppressions.ts';
import { objectsOf } from './archived-source.ts';
import { Batch, type BatchFile } from './batch.ts';
import type { LineMeta } from './index-lines.ts';

export interface RangeDeps {
  readonly events: LogReader;
  readonly partition: number;
  readonly suppressions: Suppressions;
  /** Input may stand in the log twice: the stamps tell. */
  readonly inputRepeats: boolean;
  /** What was made so far is of no use then. */
  readonly signal: AbortSignal;
}

export interface ReadRange {
  readonly files: readonly BatchFile[];
  /** Files that the range would have had, were all that is in them not suppressed. */
  readonly empty: readonly string[];
  readonly to: Offset;
  readonly stamp: Stamp;
}

export interface Range {
  readonly name: string;
  readonly from: Offset;
  readonly stamp: Stamp;
  readonly to: Offset;
  /** True: up to `to` whatever comes of it. */
  readonly whole: boolean;
}

/** Makes the files of [from, to), or of as much of it as one batch takes. */
export async function readRange(range: Range, deps: RangeDeps): Promise<ReadRange> {
  const batch = new Batch(range.name, deps.partition, range.from);
  const { suppressions } = deps;
  const suppressed = new Set<string>();
  let { from, stamp } = range;
  while (!deps.signal.aborted && from < range.to && (range.whole || !batch.isFull)) {
    const { records, next } = await deps.events.read(from, { maxBytes: limits.logReadBytes });
    if (next === from) break;
    for (const record of records) {
      if (record.offset >= range.to) break;
      const meta = metaOf(record);
      if (meta === undefined) continue;
      const isObject = 'object' in meta;
      if (deps.inputRepeats && (isObject || meta.staged !== true)) {
        if (!isAbove(meta, stamp)) continue;
        stamp = { input: meta.i, item: meta.n };
      }
      if (!isObject && isSuppressed(record.source, meta, suppressions)) {
        suppressed.add(batch.keyOf(record.source, meta.t));
        continue;
      }
      await batch.add(record, isObject ? objectsOf(record.source) : record.source, meta);
    }
    from = Math.min(next, range.to);
  }
  const files = await batch.finish();
  const made = new Set(files.map(({ facts }) => facts.key));
  const empty = [...suppressed].filter((key) => !made.has(key));
  return { files, empty, to: from, stamp };
}

/** Events that were sent again for one lane alone are there already. */
function metaOf(record: LogRecord): LineMeta | undefined {
  if (record.kind === recordKinds.object) return readObjectMeta(record.meta);
  if (record.kind !== recordKinds.event) return undefined;
  const meta = readMeta(record.meta);
  return meta.lane === undefined ? meta : undefined;
}

function readObjectMeta(text: string): ObjectMeta {
  return JSON.parse(text) as ObjectMeta;
}

function readMeta(text: string): EventMeta {
  return JSON.parse(text) as EventMeta;
}

function isAbove({ i, n }: LineMeta, { input, item }: Stamp): boolean {
  return i > input || (i === input && n > item);
}

function isSuppressed(
  source: string,
  { u, a, p, t }: EventMeta,
  suppressions: Suppressions,
): boolean {
  if (suppressions.isEmpty) return false;
  return suppressions.has(source, { userId: u, anonymousId: a, previousId: p }, t);
}
