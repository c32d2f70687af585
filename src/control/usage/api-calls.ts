import type { ReadContext } from '../context.ts';
import { isReceived } from './group-usage.ts';
import { readRecords } from './read-records.ts';
import type { UsageMonth } from './usage-month.ts';

/** Calls from the start of the month to the end of a day. */
export interface ApiCalls {
  readonly day: number;
  readonly calls: number;
}

/**
 * One for each day of the month so far, of some sources together (undefined: of all). Each event that was received
 * is a call, however many of them came in one request.
 */
export async function apiCalls(
  context: Pick<ReadContext, 'environment'>,
  sources: readonly string[] | undefined,
  { start, end, days }: UsageMonth,
): Promise<readonly ApiCalls[]> {
  const range = { span: 'day', from: start, to: end } as const;
  const byDay = new Map<number, number>();
  for await (const { time, record } of readRecords(context, { sources, destination: '' }, range)) {
    let calls = byDay.get(time) ?? 0;
    for (const one of record.counts) if (isReceived(one)) calls += one.count;
    byDay.set(time, calls);
  }
  let calls = 0;
  return days.map((day) => {
    calls += byDay.get(day) ?? 0;
    return { day, calls };
  });
}

/** The sources that anything was counted of in the month, by id; of those that may be shown. */
export async function sourcesWithCalls(
  { environment }: Pick<ReadContext, 'environment'>,
  visible: readonly string[] | undefined,
  { start, end }: UsageMonth,
): Promise<readonly string[]> {
  const rows = await environment
    .work()
    ?.db.selectFrom('usage_count')
    .select('source')
    .distinct()
    .where('span', '=', 'day')
    .where('time', '>=', start)
    .where('time', '<', end)
    .where('destination', '=', '')
    .orderBy('source')
    .execute();
  const sources = rows?.map(({ source }) => source) ?? [];
  return visible === undefined ? sources : sources.filter((id) => visible.includes(id));
}
