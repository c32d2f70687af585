import type { JsonObject } from './json.ts';

/** When an action of a destination is run, and with what: one of a connection's subscriptions that are on. */
export interface SubscriptionConfig {
  readonly id: string;
  readonly name: string;
  /** Slug of the action. */
  readonly action: string;
  /** In the library's own dialect of FQL (spec tracking-api §10.3). */
  readonly trigger: string;
  readonly mapping: JsonObject;
}
