import type { JsonObject } from '../../../core/json.ts';
import { destinationMetadata } from '../../catalog/destination-metadata.ts';
import type { WriteContext } from '../../context.ts';
import { newId } from '../../ids.ts';
import { InputFailure } from '../../input-failure.ts';
import { requireModel } from '../../reverse-etl/require-model.ts';
import { type DestinationRow, kindOf } from '../find-destination.ts';
import { findSubscription, type SubscriptionRow } from './find-subscription.ts';
import { requireTrigger } from './require-trigger.ts';

export interface NewSubscription {
  readonly name: string;
  /** Id of an action of the destination's kind. */
  readonly actionId: string;
  readonly trigger: string;
  readonly enabled?: boolean;
  readonly settings?: JsonObject;
  readonly modelId?: string;
}

/** Adds a subscription. Throws `input_validation` when the kind has no such action, or cannot read the trigger. */
export async function makeSubscription(
  { db, environment, revision, now }: WriteContext,
  destination: DestinationRow,
  given: NewSubscription,
): Promise<SubscriptionRow> {
  const { actions } = destinationMetadata(kindOf(environment.catalog, destination));
  const action = actions.find(({ id }) => id === given.actionId);
  if (action === undefined) {
    const message = '"actionId" is not an action of this kind of destination';
    throw new InputFailure([{ field: 'actionId', message }]);
  }
  if (given.modelId === undefined) await requireTrigger(environment, destination, given.trigger);
  if (given.modelId !== undefined) await requireModel(db, given.modelId, 'modelId');
  const id = newId(environment.random);
  await db
    .insertInto('destination_subscription')
    .values({
      id,
      destination_id: destination.id,
      position: revision,
      name: given.name,
      action_id: action.id,
      action_slug: action.slug,
      enabled: given.enabled === false ? 0 : 1,
      trigger: given.trigger,
      settings: JSON.stringify(given.settings ?? {}),
      model_id: given.modelId ?? null,
      schedule: null,
      created_at: now,
    })
    .execute();
  return findSubscription(db, destination.id, id);
}
