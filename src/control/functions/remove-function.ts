import { TributaryError } from '../../core/errors.ts';
import type { WriteContext } from '../context.ts';
import type { FunctionRow } from './find-function.ts';
import { catalogIdOf } from './workspace-kinds.ts';

/** Deletes a function and its versions. Throws `conflict` while it has instances, sources or destinations: events
 * would pass without it. */
export async function removeFunction({ db }: WriteContext, row: FunctionRow): Promise<void> {
  const instance = await db
    .selectFrom('function_instance')
    .select('id')
    .where('function_id', '=', row.id)
    .executeTakeFirst();
  if (instance !== undefined) {
    const message = `Function '${row.id}' is in use by the instance '${instance.id}'.`;
    throw new TributaryError('conflict', message);
  }
  const catalogId = catalogIdOf(row.id);
  for (const table of ['source', 'destination'] as const) {
    const made = await db
      .selectFrom(table)
      .select('id')
      .where('metadata_id', '=', catalogId)
      .executeTakeFirst();
    if (made === undefined) continue;
    const message = `Function '${row.id}' is in use by the ${table} '${made.id}'.`;
    throw new TributaryError('conflict', message);
  }
  await db.deleteFrom('user_function').where('id', '=', row.id).execute();
}
