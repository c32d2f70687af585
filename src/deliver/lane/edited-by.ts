import assert from 'node:assert/strict';
import type { Event } from '../../core/event.ts';
import type { EventShaping } from '../../core/filters/compile-shaping.ts';
import type { JsonObject } from '../../core/json.ts';
import type { StoredEvent } from '../events/stored-event.ts';

/** An event as its destination gets it, and its JSON text. */
export interface EditedEvent {
  readonly event: Event;
  readonly text: string;
}

/** What filters and transformations make of the event. What is stored stays as it is: other lanes send it too. */
export function editedBy(
  edit: NonNullable<EventShaping['edit']>,
  stored: Pick<StoredEvent, 'event' | 'text'>,
): EditedEvent {
  const event = edit(stored.event);
  if (event === stored.event) return stored;
  assert(isEvent(event), 'they leave what every destination counts on');
  return { event, text: JSON.stringify(event) };
}

function isEvent(event: JsonObject): event is Event {
  return typeof event['type'] === 'string' && typeof event['messageId'] === 'string';
}
