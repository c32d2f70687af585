import type { Kysely } from 'kysely';
import type { WorkTables } from '../../core/tables/work-tables.ts';
import type { CountKey } from '../../core/usage/count-list.ts';
import { DistinctSketch } from '../../core/usage/distinct-sketch.ts';
import { formatRecord, mergeRecordText, UsageRecord } from '../../core/usage/usage-record.ts';
import { spanStart, usageSpanNames } from '../../core/usage/usage-spans.ts';

type Rows = Kysely<WorkTables>;

export interface Counted extends Partial<CountKey> {
  readonly source: string;
  readonly destination?: string;
  readonly time: number;
  readonly count?: number;
  /** Attempts beyond the first. */
  readonly retries?: number;
  readonly partition?: number;
  /** Ms until delivered, and until the first attempt. */
  readonly took?: number;
}

/** Puts a count where the worker would: track calls that were received, if nothing else is said. */
export async function putCount(db: Rows, counted: Counted): Promise<void> {
  const { source, destination = '', partition = 0, count = 1, retries = 0, took } = counted;
  const { outcome = 'event', type = 'track', name = '', version = '', code = '' } = counted;
  for (const span of usageSpanNames) {
    const time = spanStart(span, counted.time);
    const record = new UsageRecord();
    const key = { source, destination, span, time, partition };
    const row = await db
      .selectFrom('usage_count')
      .select('counts')
      .where((where) => where.and(key))
      .executeTakeFirst();
    if (row !== undefined) mergeRecordText(record, row.counts);
    const repeated = retries > 0 ? count : 0;
    record.counts.add({ outcome, type, name, version, code }, count, retries, repeated);
    if (took !== undefined) record.timeToSuccess.add(took);
    if (took !== undefined) record.timeToFirstAttempt.add(took);
    const counts = formatRecord(record);
    await db
      .insertInto('usage_count')
      .values({ ...key, counts })
      .onConflict((conflict) =>
        conflict
          .columns(['source', 'destination', 'span', 'time', 'partition'])
          .doUpdateSet({ counts }),
      )
      .execute();
  }
}

/** Puts who was seen on a day. */
export async function putUsers(
  db: Rows,
  source: string,
  time: number,
  seen: {
    readonly users?: readonly string[];
    readonly anonymous?: readonly string[];
    readonly identified?: readonly string[];
  },
  partition = 0,
): Promise<void> {
  const sketch = (texts: readonly string[] = []) => {
    const made = new DistinctSketch();
    for (const text of texts) made.add(text);
    return made.toString();
  };
  await db
    .insertInto('usage_user')
    .values({
      ...{ source, day: spanStart('day', time), partition },
      users: sketch(seen.users),
      anonymous: sketch(seen.anonymous),
      identified: sketch(seen.identified),
    })
    .execute();
}
