import type { LogReader, LogRecord, Offset } from '../core/event-log.ts';
import { type InputRange, InputRanges } from '../core/input-ranges.ts';
import { isJsonObject } from '../core/json.ts';
import type { KeySet } from '../core/key-set.ts';
import { limits } from '../core/limits.ts';
import type { Logger } from '../core/logger.ts';
import { recordKinds } from '../core/records.ts';
import { dedupeIdOf, parseAcceptedRequest } from './accepted-request.ts';
import type { Fingerprints } from './fingerprint.ts';
import type { SeenLog } from './seen-log.ts';
import { parseSeenMeta, unpackKeys } from './seen-record.ts';

export interface RebuildDeps {
  readonly input: LogReader;
  readonly seen: LogReader;
  readonly seenLog: SeenLog;
  readonly keys: KeySet;
  readonly fingerprints: Fingerprints;
  readonly logger: Logger;
  /** Aborted when the process is to stop: the rebuild ends early, and must not be built upon. */
  readonly signal: AbortSignal;
}

/**
 * Completes the key set up to `mark`, the input position committed in `events`: first from `seen`,
 * then from `accepted` for what `seen` lacks. Every step reads a bounded piece and gives way to
 * the event loop. What neither holds any more is said in the log: ids of that range count as new.
 */
export async function rebuildKeys(deps: RebuildDeps, mark: Offset): Promise<void> {
  if (mark === 0) return beginNew(deps);
  const known = new InputRanges(deps.keys.covered);
  const whole = await loadSeen(deps, mark, known);
  // With everything before the first known range expired, only what follows it can be missing.
  const first = whole ? known.all[0]?.from : undefined;
  const kept = await deps.input.start();
  for (const gap of known.missing({ from: first ?? 0, to: mark })) {
    if (deps.signal.aborted) return;
    if (gap.from < kept) {
      deps.logger.warn(
        { from: gap.from, to: Math.min(gap.to, kept) },
        'dedupe: neither the log seen nor accepted holds the message ids of this input; what is sent again of it counts as new',
      );
    }
    await loadAccepted(deps, { from: Math.max(gap.from, kept), to: gap.to });
  }
}

/** Says in `seen` that before the first request there was none: from now on what is missing is a loss. */
async function beginNew({ input, seenLog }: RebuildDeps): Promise<void> {
  seenLog.begin(0);
  await seenLog.advance(await input.start());
  await seenLog.flush();
}

/**
 * Adds what `seen` holds of ranges not yet known; records beyond the mark belong to commits that never
 * were. What the set has on disk is jumped over. False when part of `seen` was damaged or the set
 * itself was: then the beginning may lack something too.
 */
async function loadSeen(deps: RebuildDeps, mark: Offset, known: InputRanges): Promise<boolean> {
  const { seen, keys, logger } = deps;
  let whole = !keys.damaged;
  let at = await seen.start();
  let jump = jumpOf(deps, known);
  let landed: Jump | undefined;
  while (!deps.signal.aborted) {
    const { records, next, damaged } = await seen.read(at, { maxBytes: limits.logReadBytes });
    for (const range of damaged) {
      whole = false;
      logger.error({ ...range }, 'dedupe: a range of the log seen is damaged; it is rebuilt');
    }
    let resume = next;
    for (const record of records) {
      if (record.kind !== recordKinds.keys) continue;
      const range = parseSeenMeta(record.meta);
      if (jump !== undefined && range.from >= jump.over.from) {
        landed = { over: jump.over, to: record.offset };
        resume = Math.max(jump.to, record.offset);
        jump = undefined;
        break;
      }
      if (landed !== undefined && range.from > landed.over.to) {
        // The set names a place in `seen` that was given away again after a cut: read it all.
        resume = landed.to;
        landed = undefined;
        break;
      }
      landed = undefined;
      if (range.to <= mark && !known.covers(range)) await loadRecord(deps, record, range, known);
    }
    if (resume === at) break;
    at = resume;
  }
  return whole;
}

interface Jump {
  /** The range that need not be read. */
  readonly over: InputRange;
  /** Where to go on in `seen`. */
  readonly to: Offset;
}

/** The stretch of `seen` that the set has on disk, when that is one stretch and all of it. */
function jumpOf({ keys }: RebuildDeps, known: InputRanges): Jump | undefined {
  const [over] = known.all;
  if (keys.damaged || over === undefined || known.all.length > 1) return undefined;
  return { over, to: keys.seenTo };
}

async function loadRecord(
  deps: RebuildDeps,
  record: LogRecord,
  range: InputRange,
  known: InputRanges,
): Promise<void> {
  const { keys } = deps;
  let newest = 0;
  unpackKeys(record.body, (_hi, _lo, receivedAt) => {
    if (receivedAt > newest) newest = receivedAt;
  });
  known.add(range);
  if (newest < keys.horizon) return;
  unpackKeys(record.body, (hi, lo, receivedAt) => keys.add(hi, lo, receivedAt));
  await keys.cover({ ...range, seenFrom: record.offset, seenTo: record.offset });
}

/** Adds the ids of the good items of [from, to) of `accepted`, and writes them to `seen`. */
async function loadAccepted(deps: RebuildDeps, range: InputRange): Promise<void> {
  const { input, seenLog, logger } = deps;
  logger.info({ ...range }, 'dedupe: reading message ids from accepted');
  seenLog.begin(range.from);
  let at = range.from;
  while (at < range.to && !deps.signal.aborted) {
    const { records, next, damaged } = await input.read(at, { maxBytes: limits.logReadBytes });
    for (const hole of damaged) {
      logger.error({ ...hole }, 'dedupe: a range of the log accepted is damaged; its ids are lost');
    }
    for (const record of records) {
      if (record.offset < range.to && record.kind === recordKinds.request) addIds(deps, record);
    }
    if (next === at) break;
    at = next;
    await seenLog.advance(Math.min(at, range.to));
  }
  if (deps.signal.aborted) return;
  await seenLog.advance(range.to);
  await seenLog.flush();
}

function addIds(deps: RebuildDeps, record: LogRecord): void {
  const { fingerprints, keys, seenLog } = deps;
  const request = parseAcceptedRequest(record);
  if (request === undefined || request.meta.discard !== undefined) return;
  const { items, meta } = request;
  const refused = new Set(meta.refused?.map(([index]) => index));
  const key = new Uint32Array(2);
  for (let index = 0; index < items.length; index++) {
    const item = items[index];
    if (refused.has(index) || !isJsonObject(item)) continue;
    fingerprints.write(record.source, dedupeIdOf(request, item, index), key, 0);
    const hi = key[0] ?? 0;
    const lo = key[1] ?? 0;
    if (keys.add(hi, lo, meta.t)) seenLog.add(hi, lo, meta.t);
  }
}
