import type { Kysely, Selectable } from 'kysely';
import { TributaryError } from '../../core/errors.ts';
import type { ControlTables, ReverseEtlModelTable } from '../../core/tables/control-tables.ts';

export type ModelRow = Selectable<ReverseEtlModelTable>;

/** The row of a model of reverse ETL. Rejects with `not_found`. */
export async function findModel(db: Kysely<ControlTables>, id: string): Promise<ModelRow> {
  const row = await db
    .selectFrom('reverse_etl_model')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst();
  if (row === undefined) throw new TributaryError('not_found', `Model with id '${id}' not found.`);
  return row;
}
