import { TributaryError } from '../../core/errors.ts';
import { limits } from '../../core/limits.ts';
import { mergeRecordText, UsageRecord } from '../../core/usage/usage-record.ts';
import { usageSpans } from '../../core/usage/usage-spans.ts';
import type { ReadContext } from '../context.ts';
import type { UsageRange } from './usage-range.ts';

/** Whose counts are asked for. */
export interface UsageOwner {
  /** Undefined: of all sources. */
  readonly sources: readonly string[] | undefined;
  /** '' for what process counts; undefined is of every destination. */
  readonly destination: string;
}

export interface StoredUsage {
  readonly source: string;
  readonly time: number;
  readonly record: UsageRecord;
}

/** Stretches of time that are read at once: between them other requests have their turn. */
const slices = 32;

/** The counts of a range, a row of one source, span and partition at a time. Nothing where no worker has run yet. */
export async function* readRecords(
  { environment }: Pick<ReadContext, 'environment'>,
  { sources, destination }: UsageOwner,
  { span, from, to }: UsageRange,
): AsyncGenerator<StoredUsage> {
  const work = environment.work();
  if (work === undefined || sources?.length === 0) return;
  const { ms } = usageSpans[span];
  const step = Math.max(1, Math.ceil((to - from) / ms / slices)) * ms;
  let rowsRead = 0;
  for (let start = from; start < to; start += step) {
    let query = work.db
      .selectFrom('usage_count')
      .select(['source', 'time', 'counts'])
      .where('destination', '=', destination)
      .where('span', '=', span)
      .where('time', '>=', start)
      .where('time', '<', Math.min(start + step, to));
    if (sources !== undefined) query = query.where('source', 'in', sources);
    const rows = await query.execute();
    rowsRead += rows.length;
    if (rowsRead > limits.usageRowsRead) {
      const text = 'Too much is counted in this time: ask for less time, or for fewer sources.';
      throw new TributaryError('input_validation', text, { field: 'startTime' });
    }
    for (const { source, time, counts } of rows) {
      const record = new UsageRecord();
      mergeRecordText(record, counts);
      yield { source, time, record };
    }
  }
}
