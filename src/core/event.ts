import type { JsonObject } from './json.ts';

/** The six calls of the Tracking API (spec tracking-api §2.1). */
export const eventTypes = ['identify', 'track', 'page', 'screen', 'group', 'alias'] as const;
export type EventType = (typeof eventTypes)[number];

/** The reserved track event of consent tools (spec tracking-api §6.4, §16). */
export const consentEvent = 'Segment Consent Preference Updated';

export function isEventType(value: unknown): value is EventType {
  return eventTypes.some((type) => type === value);
}

/**
 * One event as `events` holds it and destinations receive it (spec tracking-api §7.8): a stable
 * superset of what the client sent. Unknown top-level fields are kept; `writeKey` is removed. All
 * stamps are ISO 8601, UTC, with milliseconds.
 */
export interface Event extends JsonObject {
  readonly type: EventType;
  readonly messageId: string;
  readonly userId?: string | null;
  readonly anonymousId?: string | null;
  readonly context: JsonObject;
  readonly integrations: JsonObject;
  readonly timestamp: string;
  readonly originalTimestamp: string;
  readonly sentAt?: string;
  readonly receivedAt: string;
}
