import { TributaryError } from '../../core/errors.ts';
import type { WriteContext } from '../context.ts';
import type { FunctionRow } from './find-function.ts';

/** Deletes a function and its versions. Throws `conflict` while it has instances: events would pass without it. */
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
  await db.deleteFrom('user_function').where('id', '=', row.id).execute();
}
