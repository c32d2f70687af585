import type { SubscriptionConfig } from '../../../core/subscription-config.ts';
import type { SubscriptionRow } from './find-subscription.ts';

/** Of the subscriptions of a destination what data planes run, in order: those that are on and take events, not rows of a model. */
export function enabledSubscriptions(
  rows: readonly SubscriptionRow[] = [],
): readonly SubscriptionConfig[] {
  return rows
    .filter((row) => row.enabled === 1 && row.model_id === null)
    .map((row) => ({
      id: row.id,
      name: row.name,
      action: row.action_slug,
      trigger: row.trigger,
      mapping: JSON.parse(row.settings),
    }));
}
