import type { Kysely, Selectable } from 'kysely';
import { TributaryError } from '../../../core/errors.ts';
import type { ControlTables } from '../../../core/tables/control-tables.ts';
import type { FunctionInstanceTable } from '../../../core/tables/shaping-tables.ts';

export type InstanceRow = Selectable<FunctionInstanceTable>;

/** The row of an instance of an insert function. Rejects with `not_found`. */
export async function findInstance(db: Kysely<ControlTables>, id: string): Promise<InstanceRow> {
  const row = await db
    .selectFrom('function_instance')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst();
  if (row === undefined) {
    throw new TributaryError('not_found', `Insert function instance with id '${id}' not found.`);
  }
  return row;
}
