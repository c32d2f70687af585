import type { WriteContext } from '../../context.ts';
import { type DestinationRow, kindOf } from '../find-destination.ts';
import { checkFilter, type GivenAction } from './check-filter.ts';
import { type FilterRow, findFilter } from './find-filter.ts';

export interface FilterChange {
  readonly title?: string;
  /** Null: none. */
  readonly description?: string | null;
  readonly if?: string;
  /** All of them. */
  readonly actions?: readonly GivenAction[];
  readonly enabled?: boolean;
}

/** Changes a filter; what is absent stays. Throws `input_validation`, with the fields. */
export async function changeFilter(
  { db, environment, now }: WriteContext,
  destination: DestinationRow,
  row: FilterRow,
  change: FilterChange,
): Promise<FilterRow> {
  const condition = change.if ?? row.condition;
  const kind = kindOf(environment.catalog, destination);
  const actions = checkFilter(condition, change.actions ?? JSON.parse(row.actions), kind);
  const { description = row.description, enabled = row.enabled === 1 } = change;
  await db
    .updateTable('destination_filter')
    .set({
      title: change.title ?? row.title,
      description,
      condition,
      actions: JSON.stringify(actions),
      enabled: enabled ? 1 : 0,
      updated_at: now,
    })
    .where('id', '=', row.id)
    .execute();
  return findFilter(db, destination.id, row.id);
}

/** The type that the audit trail has for it. */
export function filterChangeType(row: FilterRow, { enabled }: FilterChange): string {
  if (enabled === undefined || enabled === (row.enabled === 1)) {
    return 'Destination Filter Modified';
  }
  return enabled ? 'Destination Filter Enabled' : 'Destination Filter Disabled';
}
