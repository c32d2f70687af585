import type { Transaction } from 'kysely';
import type { WorkTables } from '../core/tables/work-tables.ts';
import { formatRecord, mergeRecordText, UsageRecord } from '../core/usage/usage-record.ts';
import { spanStart, type UsageSpan, usageSpanNames } from '../core/usage/usage-spans.ts';

/** Whose counts: a source's as process has them, or those of one of its destinations. */
export interface UsageKey {
  readonly source: string;
  /** '' for what process counts. */
  readonly destination: string;
}

/** Adds the counts of minutes to the rows of their minutes, hours and days. */
export async function addToRows(
  rows: Transaction<WorkTables>,
  partition: number,
  key: UsageKey,
  minutes: ReadonlyMap<number, UsageRecord>,
): Promise<void> {
  const records = new Map<string, { span: UsageSpan; time: number; record: UsageRecord }>();
  for (const [minute, counted] of minutes) {
    for (const span of usageSpanNames) {
      const time = spanStart(span, minute);
      const name = `${span}/${time}`;
      const held = records.get(name) ?? { span, time, record: new UsageRecord() };
      held.record.merge(counted);
      records.set(name, held);
    }
  }
  if (records.size === 0) return;
  const { source, destination } = key;
  const stored = await rows
    .selectFrom('usage_count')
    .select(['span', 'time', 'counts'])
    .where('source', '=', source)
    .where('destination', '=', destination)
    .where('partition', '=', partition)
    .where((row) =>
      row.or(
        usageSpanNames.map((span) => {
          const times = [...records.values()].filter((one) => one.span === span);
          return row.and([
            row('span', '=', span),
            row(
              'time',
              'in',
              times.map(({ time }) => time),
            ),
          ]);
        }),
      ),
    )
    .execute();
  for (const { span, time, counts } of stored) {
    const held = records.get(`${span}/${Number(time)}`);
    if (held !== undefined) mergeRecordText(held.record, counts);
  }
  const values = Array.from(records.values(), ({ span, time, record }) => ({
    ...{ source, destination, span, time, partition },
    counts: formatRecord(record),
  }));
  await rows
    .insertInto('usage_count')
    .values(values)
    .onConflict((conflict) =>
      conflict
        .columns(['source', 'destination', 'span', 'time', 'partition'])
        .doUpdateSet((excluded) => ({ counts: excluded.ref('excluded.counts') })),
    )
    .execute();
}
