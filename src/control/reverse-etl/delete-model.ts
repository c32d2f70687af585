import type { WriteContext } from '../context.ts';
import type { ModelRow } from './find-model.ts';

/** Deletes a model with its syncs and with the subscriptions that take its rows: without it they would take events. */
export async function deleteModel({ db }: WriteContext, row: ModelRow): Promise<void> {
  await db.deleteFrom('destination_subscription').where('model_id', '=', row.id).execute();
  await db.deleteFrom('reverse_etl_model').where('id', '=', row.id).execute();
}
