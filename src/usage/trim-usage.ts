import type { Kysely } from 'kysely';
import type { Lease } from '../core/lease.ts';
import type { WorkTables } from '../core/tables/work-tables.ts';
import { underLease } from '../core/under-lease.ts';
import { usageSpanNames, usageSpans, usersKeptMs } from '../core/usage/usage-spans.ts';

/** Stretches of time deleted in one run, each in a transaction of its own. */
const mostAtOnce = 120;

/** Deletes the counts of a partition that are older than their span is kept, and users likewise. */
export async function trimUsage(
  db: Kysely<WorkTables>,
  lease: Lease,
  partition: number,
  now: number,
): Promise<void> {
  for (const span of usageSpanNames) {
    const before = now - usageSpans[span].keptMs;
    for (let at = 0; at < mostAtOnce; at++) {
      const oldest = await db
        .selectFrom('usage_count')
        .select('time')
        .where('partition', '=', partition)
        .where('span', '=', span)
        .orderBy('time')
        .limit(1)
        .executeTakeFirst();
      if (oldest === undefined || oldest.time >= before) break;
      const { time } = oldest;
      await underLease(db, lease, async (rows) => {
        await rows
          .deleteFrom('usage_count')
          .where('partition', '=', partition)
          .where('span', '=', span)
          .where('time', '=', time)
          .execute();
      });
    }
  }
  await underLease(db, lease, async (rows) => {
    await rows
      .deleteFrom('usage_user')
      .where('partition', '=', partition)
      .where('day', '<', now - usersKeptMs)
      .execute();
  });
}
