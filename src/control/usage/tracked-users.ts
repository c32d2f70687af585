import { DistinctSketch } from '../../core/usage/distinct-sketch.ts';
import type { ReadContext } from '../context.ts';
import type { UsageMonth } from './usage-month.ts';

/** About how many were seen from the start of the month to the end of a day. */
export interface TrackedUsers {
  readonly day: number;
  /** anonymousIds. */
  readonly anonymous: number;
  /** anonymousIds that came with a userId, and those that did not. */
  readonly anonymousIdentified: number;
  readonly neverIdentified: number;
  /** userIds. */
  readonly identified: number;
}

/**
 * One for each day of the month so far, of some sources together (undefined: of all): who was seen at several of
 * them is one.
 */
export async function trackedUsers(
  { environment }: Pick<ReadContext, 'environment'>,
  sources: readonly string[] | undefined,
  month: UsageMonth,
): Promise<readonly TrackedUsers[]> {
  const work = environment.work();
  const users = new DistinctSketch();
  const anonymous = new DistinctSketch();
  const identified = new DistinctSketch();
  const result: TrackedUsers[] = [];
  for (const day of month.days) {
    let query = work?.db
      .selectFrom('usage_user')
      .select(['users', 'anonymous', 'identified'])
      .where('day', '=', day);
    if (sources !== undefined) query = query?.where('source', 'in', sources);
    for (const row of (await query?.execute()) ?? []) {
      users.merge(DistinctSketch.parse(row.users));
      anonymous.merge(DistinctSketch.parse(row.anonymous));
      identified.merge(DistinctSketch.parse(row.identified));
    }
    const [all, known] = [anonymous.estimate, identified.estimate];
    result.push({
      day,
      anonymous: all,
      anonymousIdentified: Math.min(known, all),
      neverIdentified: Math.max(0, all - known),
      identified: users.estimate,
    });
  }
  return result;
}

/** The sources at which anybody was seen in the month, by id; of those that may be shown. */
export async function sourcesWithUsers(
  { environment }: Pick<ReadContext, 'environment'>,
  visible: readonly string[] | undefined,
  { start, end }: UsageMonth,
): Promise<readonly string[]> {
  const rows = await environment
    .work()
    ?.db.selectFrom('usage_user')
    .select('source')
    .distinct()
    .where('day', '>=', start)
    .where('day', '<', end)
    .orderBy('source')
    .execute();
  const sources = rows?.map(({ source }) => source) ?? [];
  return visible === undefined ? sources : sources.filter((id) => visible.includes(id));
}
