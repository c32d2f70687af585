import { limits } from '../../../core/limits.ts';
import type { WriteContext } from '../../context.ts';
import { newId } from '../../ids.ts';
import { InputFailure } from '../../input-failure.ts';
import { type DestinationRow, kindOf } from '../find-destination.ts';
import { checkFilter, type GivenAction } from './check-filter.ts';
import { type FilterRow, findFilter } from './find-filter.ts';

export interface NewFilter {
  readonly title: string;
  readonly description?: string;
  /** FQL, or `all`. */
  readonly if: string;
  readonly actions: readonly GivenAction[];
  readonly enabled?: boolean;
}

/** Adds a filter to a destination. Throws `input_validation`, with the fields. */
export async function makeFilter(
  { db, environment, revision, now }: WriteContext,
  destination: DestinationRow,
  given: NewFilter,
): Promise<FilterRow> {
  const kind = kindOf(environment.catalog, destination);
  const actions = checkFilter(given.if, given.actions, kind);
  const { count } = await db
    .selectFrom('destination_filter')
    .select(({ fn }) => fn.countAll().as('count'))
    .where('destination_id', '=', destination.id)
    .executeTakeFirstOrThrow();
  if (Number(count) >= limits.filtersOfDestination) {
    const message = `A destination has at most ${limits.filtersOfDestination} filters`;
    throw new InputFailure([{ field: '', message }]);
  }
  const id = newId(environment.random);
  await db
    .insertInto('destination_filter')
    .values({
      id,
      destination_id: destination.id,
      position: revision,
      title: given.title,
      description: given.description ?? null,
      condition: given.if,
      actions: JSON.stringify(actions),
      enabled: given.enabled === false ? 0 : 1,
      created_at: now,
      updated_at: now,
    })
    .execute();
  return findFilter(db, destination.id, id);
}
