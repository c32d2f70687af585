import type { Kysely } from 'kysely';
import type { ControlTables } from '../../core/tables/control-tables.ts';
import { InputFailure } from '../input-failure.ts';

/** Throws `input_validation` with the field unless there is a model of this id. */
export async function requireModel(
  db: Kysely<ControlTables>,
  id: string,
  field: string,
): Promise<void> {
  const row = await db
    .selectFrom('reverse_etl_model')
    .select('id')
    .where('id', '=', id)
    .executeTakeFirst();
  if (row !== undefined) return;
  throw new InputFailure([{ field, message: `"${field}" is not a model of reverse ETL` }]);
}
