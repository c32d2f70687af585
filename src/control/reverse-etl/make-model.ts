import type { WriteContext } from '../context.ts';
import { newId } from '../ids.ts';
import { findSource } from '../sources/find-source.ts';
import { findModel, type ModelRow } from './find-model.ts';

export interface NewModel {
  readonly sourceId: string;
  readonly name: string;
  readonly description?: string;
  readonly enabled?: boolean;
  /** SQL. */
  readonly query: string;
  /** The column by which a row is known again. */
  readonly queryIdentifierColumn: string;
}

/** Makes a model of reverse ETL. Throws `not_found` when there is no such source. */
export async function makeModel(
  { db, environment, revision, now }: WriteContext,
  given: NewModel,
): Promise<ModelRow> {
  const source = await findSource(db, given.sourceId);
  const id = newId(environment.random);
  await db
    .insertInto('reverse_etl_model')
    .values({
      id,
      source_id: source.id,
      position: revision,
      name: given.name,
      description: given.description ?? '',
      enabled: given.enabled === false ? 0 : 1,
      query: given.query,
      identifier_column: given.queryIdentifierColumn,
      created_at: now,
    })
    .execute();
  return findModel(db, id);
}
