import type { Event } from '../../core/event.ts';
import type { JsonObject } from '../../core/json.ts';
import { hashOf } from './model-row.ts';

/** What became of a row since the destination had it. The names are those that Segment's triggers ask for. */
export type ChangeKind = 'new' | 'updated' | 'deleted';

export interface RowChange {
  readonly kind: ChangeKind;
  readonly key: string;
  /** Of the row as the destination will have it; '' for one that is gone. */
  readonly hash: string;
  /** Of the row as the destination had it; '' for a new one. */
  readonly before: string;
  /** Of a row that is gone only its identifier is known. */
  readonly values: JsonObject;
}

/**
 * The event that an action gets for a row, as Segment's reverse ETL has it: a track call named after the change, the
 * columns in `properties`. Its `messageId` comes of its cause: a sync that is repeated after a crash sends the same.
 */
export function rowEvent(
  change: RowChange,
  cause: { readonly subscription: string; readonly startedAt: number },
): Event {
  const at = new Date(cause.startedAt).toISOString();
  const what = [cause.subscription, change.kind, change.key, change.before, change.hash];
  return {
    type: 'track',
    event: change.kind,
    messageId: `retl-${hashOf(JSON.stringify(what))}`,
    properties: change.values,
    __segment_id: change.key,
    context: {},
    integrations: {},
    timestamp: at,
    originalTimestamp: at,
    receivedAt: at,
  };
}
