import type { SubscriptionConfig } from '../../../core/subscription-config.ts';
import type { Trigger } from '../package/library-package.ts';

/** A subscription whose trigger was parsed. */
export interface Subscribed extends SubscriptionConfig {
  readonly takes: Trigger;
}
