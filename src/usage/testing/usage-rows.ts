import type { Kysely } from 'kysely';
import type { WorkTables } from '../../core/tables/work-tables.ts';
import { DistinctSketch } from '../../core/usage/distinct-sketch.ts';
import { mergeRecordText, UsageRecord } from '../../core/usage/usage-record.ts';
import type { UsageSpan } from '../../core/usage/usage-spans.ts';

/** All counts of a span, by `destination outcome type name code`, over all times, partitions and sources. */
export async function countsIn(
  db: Kysely<WorkTables>,
  span: UsageSpan = 'minute',
): Promise<Record<string, number>> {
  const rows = await db
    .selectFrom('usage_count')
    .selectAll()
    .where('span', '=', span)
    .orderBy('destination')
    .orderBy('time')
    .execute();
  const sums: Record<string, number> = {};
  for (const { destination, counts } of rows) {
    const record = new UsageRecord();
    mergeRecordText(record, counts);
    for (const { outcome, type, name, code, count } of record.counts) {
      const key = [destination, outcome, type, name, code].filter((part) => part !== '').join(' ');
      sums[key] = (sums[key] ?? 0) + count;
    }
  }
  return sums;
}

/** About how many users and anonymous users were seen on all days together. */
export async function usersIn(db: Kysely<WorkTables>): Promise<Record<string, number>> {
  const sketches = {
    users: new DistinctSketch(),
    anonymous: new DistinctSketch(),
    identified: new DistinctSketch(),
  };
  for (const row of await db.selectFrom('usage_user').selectAll().execute()) {
    sketches.users.merge(DistinctSketch.parse(row.users));
    sketches.anonymous.merge(DistinctSketch.parse(row.anonymous));
    sketches.identified.merge(DistinctSketch.parse(row.identified));
  }
  const { users, anonymous, identified } = sketches;
  return {
    users: users.estimate,
    anonymous: anonymous.estimate,
    identified: identified.estimate,
  };
}
