import { limits } from '../../core/limits.ts';
import { InputFailure } from '../input-failure.ts';
import { listPage } from '../paging/list-page.ts';
import type { PageRequest, Pagination } from '../paging/read-page.ts';
import { type Dimension, dimensions, type UsageGroup } from './group-usage.ts';
import { timesOf, type UsageRange } from './usage-range.ts';

/** A page of groups; fewer than asked for where their points would be too many for one answer. */
export async function groupPage(
  { cursor, count }: PageRequest,
  groups: readonly UsageGroup[],
  range: UsageRange,
): Promise<{ readonly groups: readonly UsageGroup[]; readonly pagination: Pagination }> {
  const most = Math.max(1, Math.floor(limits.usagePoints / timesOf(range).length));
  const page = await listPage({ cursor, count: Math.min(count, most) }, groups);
  return { groups: page.rows.map(({ item }) => item), pagination: page.pagination };
}

/** What to group by. Throws `input_validation` for what cannot be told apart here. */
export function groupingOf(
  texts: readonly string[],
  allowed: readonly Dimension[],
): readonly Dimension[] {
  const wrong = texts.findIndex((text) => !dimensionsIn(allowed, text));
  if (wrong !== -1) {
    const field = `groupBy.${wrong}`;
    const message = `"${field}" must be one of [${allowed.join(', ')}]`;
    throw new InputFailure([{ field, message }]);
  }
  return dimensions.filter((dimension) => texts.includes(dimension));
}

function dimensionsIn(allowed: readonly Dimension[], text: string): boolean {
  return allowed.some((one) => one === text);
}
