import type { WriteContext } from '../context.ts';
import { findModel, type ModelRow } from './find-model.ts';
import type { NewModel } from './make-model.ts';

export type ModelChange = Partial<Omit<NewModel, 'sourceId'>>;

/** Changes a model; what is absent stays. */
export async function changeModel(
  { db }: WriteContext,
  row: ModelRow,
  change: ModelChange,
): Promise<ModelRow> {
  await db
    .updateTable('reverse_etl_model')
    .set({
      name: change.name ?? row.name,
      description: change.description ?? row.description,
      enabled: (change.enabled ?? row.enabled === 1) ? 1 : 0,
      query: change.query ?? row.query,
      identifier_column: change.queryIdentifierColumn ?? row.identifier_column,
    })
    .where('id', '=', row.id)
    .execute();
  return findModel(db, row.id);
}

/** The type that the audit trail has for it. */
export function modelChangeType(row: ModelRow, change: ModelChange): string {
  const toggles = change.enabled !== undefined && change.enabled !== (row.enabled === 1);
  return toggles ? 'Model State Change Toggled' : 'Model Settings Saved';
}
