import type { Kysely, Selectable } from 'kysely';
import { TributaryError } from '../../core/errors.ts';
import type { ControlTables } from '../../core/tables/control-tables.ts';
import type { FunctionTable } from '../../core/tables/shaping-tables.ts';
import { functionIds } from './function-type.ts';

export type FunctionRow = Selectable<FunctionTable>;

/** The row of a function, by its id with or without the prefix. Rejects with `not_found`. */
export async function findFunction(db: Kysely<ControlTables>, id: string): Promise<FunctionRow> {
  const row = await db
    .selectFrom('user_function')
    .selectAll()
    .where('id', 'in', functionIds(id))
    .executeTakeFirst();
  if (row === undefined) {
    throw new TributaryError('not_found', `Function with id '${id}' not found.`);
  }
  return row;
}
