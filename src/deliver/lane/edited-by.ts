import assert from 'node:assert/strict';
import type { Event } from '../../core/event.ts';
import type { EventFilter } from '../../core/filters/compile-filters.ts';
import type { JsonObject } from '../../core/json.ts';
import type { StoredEvent } from '../events/stored-event.ts';

/** An event as its destination gets it, and its JSON text. */
export interface EditedEvent {
  readonly event: Event;
  readonly text: string;
}

/** The event without what the filters take away. What is stored stays as it is: other lanes send it too. */
export function editedBy(
  edit: NonNullable<EventFilter['edit']>,
  stored: Pick<StoredEvent, 'event' | 'text'>,
): EditedEvent {
  const event = edit(stored.event);
  if (event === stored.event) return stored;
  assert(isEvent(event), 'filters leave what every destination counts on');
  return { event, text: JSON.stringify(event) };
}

function isEvent(event: JsonObject): event is Event {
  return typeof event['type'] === 'string' && typeof event['messageId'] === 'string';
}
