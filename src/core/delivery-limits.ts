/** What a user allows of deliveries to one destination. An absent one is not limited, but by the server's own bounds. */
export interface DeliveryLimits {
  /** Attempts a second: an event sent, or a batch. May be a fraction. */
  readonly requestsPerSecond?: number;
  /** Attempts under way at once. */
  readonly concurrency?: number;
}
