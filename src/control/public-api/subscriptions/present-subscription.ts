import type { SubscriptionRow } from '../../destinations/subscriptions/find-subscription.ts';
import type { Static } from '../../schemas/type.ts';
import type { DestinationSubscription } from '../models/subscription.ts';

export function presentSubscription(row: SubscriptionRow): Static<typeof DestinationSubscription> {
  return {
    id: row.id,
    name: row.name,
    actionId: row.action_id,
    actionSlug: row.action_slug,
    destinationId: row.destination_id,
    enabled: row.enabled === 1,
    settings: JSON.parse(row.settings),
    trigger: row.trigger,
    ...(row.model_id !== null && { modelId: row.model_id }),
    ...(row.schedule !== null && { reverseETLSchedule: JSON.parse(row.schedule) }),
  };
}
