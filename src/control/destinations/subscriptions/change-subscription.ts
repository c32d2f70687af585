import type { JsonObject } from '../../../core/json.ts';
import type { WriteContext } from '../../context.ts';
import { requireModel } from '../../reverse-etl/require-model.ts';
import { findDestination } from '../find-destination.ts';
import { findSubscription, type SubscriptionRow } from './find-subscription.ts';
import { requireTrigger } from './require-trigger.ts';

export interface SubscriptionChange {
  readonly name?: string;
  readonly trigger?: string;
  readonly enabled?: boolean;
  /** The whole mapping. */
  readonly settings?: JsonObject;
  readonly reverseETLModelId?: string;
  readonly reverseETLSchedule?: object;
}

/** Changes a subscription; what is absent stays. Throws `input_validation` for a trigger that cannot be read. */
export async function changeSubscription(
  { db, environment }: WriteContext,
  row: SubscriptionRow,
  change: SubscriptionChange,
): Promise<SubscriptionRow> {
  const { settings, reverseETLSchedule: schedule, reverseETLModelId: modelId } = change;
  if (change.trigger !== undefined) {
    const destination = await findDestination(db, row.destination_id);
    await requireTrigger(environment, destination, change.trigger);
  }
  if (modelId !== undefined) await requireModel(db, modelId, 'input.reverseETLModelId');
  await db
    .updateTable('destination_subscription')
    .set({
      name: change.name ?? row.name,
      trigger: change.trigger ?? row.trigger,
      enabled: (change.enabled ?? row.enabled === 1) ? 1 : 0,
      settings: settings === undefined ? row.settings : JSON.stringify(settings),
      model_id: modelId ?? row.model_id,
      schedule: schedule === undefined ? row.schedule : JSON.stringify(schedule),
    })
    .where('id', '=', row.id)
    .execute();
  return findSubscription(db, row.destination_id, row.id);
}
