import type { LogReader, LogWriter, Offset } from '../../core/event-log.ts';
import { limits } from '../../core/limits.ts';
import { recordKinds } from '../../core/records.ts';
import { KeptDiscards } from './kept-discards.ts';
import { type RetentionDeps, takeSteps } from './retention.ts';

export interface OutputRetentionOptions extends RetentionDeps {
  /** Reads `events`; its own reader. */
  readonly events: LogReader;
  /** Log `discards`; its mark is the position in `events` up to which discards were copied. */
  readonly discards: LogWriter;
  /** `events` older than this goes, whatever the cursors say; milliseconds. */
  readonly eventsMs: number;
  /** And what is above this many bytes. */
  readonly eventsBytes: number;
  /** Bytes that `results` and `discards` may each take, whatever their age. */
  readonly outcomesBytes: number;
  /** Lowest offset of `events` a cursor or a parked event still needs. */
  eventsNeededFrom(): Offset;
  /** Told after a trim, so that cursors below become `expired` discards. */
  onEventsTrimmed(start: Offset): void;
}

/** An alert is logged when a cursor is this far on the way to being expired. */
const alertShare = 0.8;

/**
 * Returns one pass over what deliver reads and writes: `events`, `results` and `discards` go by age and size. Discards that
 * stand in a range of `events` are copied to `discards` first, so that they outlive it.
 */
export function outputTrimmer(options: OutputRetentionOptions): () => Promise<void> {
  const kept = new KeptDiscards(options.engine, options.partition);
  const steps = {
    events: async () => {
      try {
        await trimEvents(options, kept);
      } catch (error) {
        // What was to be copied may not have been.
        kept.forget();
        throw error;
      }
    },
    results: () => trimOutcomes('results', options),
    discards: async () => {
      if (await trimOutcomes('discards', options)) kept.forget();
    },
  };
  return () => takeSteps(steps, options.logger);
}

/** True when something went. */
async function trimOutcomes(
  log: 'results' | 'discards',
  options: OutputRetentionOptions,
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

async function trimEvents(options: OutputRetentionOptions, kept: KeptDiscards): Promise<void> {
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
  options: OutputRetentionOptions,
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
