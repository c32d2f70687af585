import type { Clock } from '../../core/clock.ts';
import type { LogEngine, LogName, LogReader, LogWriter, Offset } from '../../core/event-log.ts';
import { limits } from '../../core/limits.ts';
import type { Logger } from '../../core/logger.ts';
import { recordKinds } from '../../core/records.ts';
import { KeptDiscards } from './kept-discards.ts';

export interface RetentionOptions {
  readonly engine: LogEngine;
  readonly partition: number;
  /** Reads `events`; its own reader. */
  readonly events: LogReader;
  /** Log `discards`; its mark is the position in `events` up to which discards were copied. */
  readonly discards: LogWriter;
  readonly clock: Clock;
  readonly logger: Logger;
  /** `events` older than this goes, whatever the cursors say; milliseconds. */
  readonly eventsMs: number;
  /** And what is above this many bytes. */
  readonly eventsBytes: number;
  /** Bytes that `results` and `discards` may each take, whatever their age. */
  readonly outcomesBytes: number;
  /** Lowest offset of `accepted` and of `seen` that process still needs. */
  acceptedNeededFrom(): Offset;
  seenNeededFrom(): Offset;
  /** Lowest offset of `events` a cursor or a parked event still needs. */
  eventsNeededFrom(): Offset;
  /** Told after a trim, so that cursors below become `expired` discards. */
  onEventsTrimmed(start: Offset): void;
}

const everyMs = 60_000;
/** An alert is logged when a cursor is this far on the way to being expired. */
const alertShare = 0.8;

/**
 * Deletes what no longer has to be kept, whole files at a time: `accepted` behind process, `events` by
 * age and size, `results` and `discards` by age and size, `seen` behind the dedupe window. Discards that stand
 * in a range of `events` are copied to `discards` first, so that they outlive it.
 */
export function startRetention(options: RetentionOptions): { stop(): Promise<void> } {
  const abort = new AbortController();
  const kept = new KeptDiscards(options.engine, options.partition);
  const loop = async () => {
    while (!abort.signal.aborted) {
      await applyRetention(options, kept);
      await options.clock.sleep(everyMs, abort.signal);
    }
  };
  const done = loop();
  return {
    stop: () => {
      abort.abort();
      return done;
    },
  };
}

/** One pass. Never rejects: what one log refuses must keep neither delivery nor the others' space. */
export async function applyRetention(
  options: RetentionOptions,
  kept: KeptDiscards = new KeptDiscards(options.engine, options.partition),
): Promise<void> {
  const { engine, partition, logger } = options;
  const steps: Readonly<Record<LogName, () => Promise<unknown>>> = {
    accepted: async () => engine.trim('accepted', partition, options.acceptedNeededFrom()),
    seen: async () => engine.trim('seen', partition, options.seenNeededFrom()),
    events: () => trimEvents(options, kept),
    results: () => trimOutcomes('results', options),
    discards: async () => {
      if (await trimOutcomes('discards', options)) kept.forget();
    },
  };
  for (const [log, step] of Object.entries(steps)) {
    try {
      await step();
    } catch (error) {
      // What was to be copied may not have been.
      kept.forget();
      logger.error({ err: error, log }, 'retention failed; the next pass tries again');
    }
  }
}

/** True when something went. */
async function trimOutcomes(
  log: 'results' | 'discards',
  options: RetentionOptions,
): Promise<boolean> {
  const { engine, partition, clock, logger, outcomesBytes } = options;
  const reader = await engine.openReader(log, partition);
  const byAge = await reader.offsetAt(clock.now() - limits.discardsRetentionMs);
  const bySize = await engine.offsetKeeping(log, partition, outcomesBytes);
  const before = await reader.start();
  await reader.close();
  const start = await engine.trim(log, partition, Math.max(byAge, bySize));
  if (start > Math.max(before, byAge)) {
    const message = 'outcomes younger than their age limit were deleted: they take too much space';
    logger.warn({ log, keptBytes: outcomesBytes, from: before, to: start }, message);
  }
  return start > before;
}

async function trimEvents(options: RetentionOptions, kept: KeptDiscards): Promise<void> {
  const { engine, partition, events, clock, logger } = options;
  const byAge = await events.offsetAt(clock.now() - options.eventsMs);
  const bySize = await engine.offsetKeeping('events', partition, options.eventsBytes);
  const due = Math.max(byAge, bySize);
  const alertBefore = Math.max(
    await events.offsetAt(clock.now() - options.eventsMs * alertShare),
    await engine.offsetKeeping('events', partition, options.eventsBytes * alertShare),
  );
  const needed = options.eventsNeededFrom();
  if (needed < alertBefore) {
    const message = 'a destination is so far behind that its oldest events will soon be deleted';
    logger.warn({ needed, expiresBefore: due }, message);
  }
  const before = await engine.startAfterTrim('events', partition, due);
  if (before <= (await events.start())) return;
  await copyDiscards(options, before, kept);
  options.onEventsTrimmed(await engine.trim('events', partition, before));
}

/** Copies the discards of `events` up to `before`. Beyond its quota a source's keep their reason, not their payload. */
async function copyDiscards(
  options: RetentionOptions,
  before: Offset,
  kept: KeptDiscards,
): Promise<void> {
  const { events, discards } = options;
  await kept.load();
  let position = Math.max(await events.start(), discards.mark);
  while (position < before) {
    const { records, next } = await events.read(position);
    if (next === position) break;
    const entries = records
      .filter((record) => record.kind === recordKinds.discard && record.offset < before)
      .map((record) => {
        const fits = kept.take(record.source, record.body.length);
        const body = fits ? record.body : Buffer.alloc(0);
        return { kind: record.kind, source: record.source, meta: record.meta, body };
      });
    position = Math.min(next, before);
    await discards.append(entries, { mark: position });
  }
}
