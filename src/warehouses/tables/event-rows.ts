import type { Event } from '../../core/event.ts';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import type { CellValue } from '../../core/warehouse-engine.ts';
import type { Place, Places } from '../values/leaves.ts';
import { readMoment } from '../values/read-moment.ts';
import { storedId } from '../values/stored-id.ts';
import { eventColumns, eventTables, isKnownKey, loadedAtColumn } from './event-columns.ts';
import type { RowBuilder } from './row-builder.ts';

export interface EventRow {
  readonly event: Event;
  /** The moment of the load, ISO 8601. */
  readonly now: string;
  /** Name of the event's own table; undefined: it has none, or this is no track call. */
  readonly ownTable: string | undefined;
  /** Where its properties or traits go: columns of the row, its overflow, or the row of another table. */
  readonly body: 'columns' | 'overflow' | 'elsewhere';
}

/** Where the name of an event's table stands: in a column of its own. */
const eventName: Place = { path: ['event'], column: 'event', words: ['event'], inside: new Map() };

/** Adds the row of an event to a table. False when the table has one of its id already. */
export function addEventRow(
  row: RowBuilder,
  places: Places,
  { event, now, ownTable, body }: EventRow,
): boolean {
  const id = storedId(event.messageId);
  if (!row.begin(id)) return false;
  putStamps(row, id, event, now);
  const { own, values } = eventTables[event.type];
  putText(row, 'anonymous_id', 'anonymousId', event.anonymousId);
  putText(row, 'user_id', 'userId', event.userId);
  for (const [key, column] of own) putText(row, column, key, event[key]);
  if (event.type === 'track') {
    if (ownTable !== undefined) row.put(eventName, ownTable);
    putText(row, 'event_text', 'event', event['event']);
  }
  putAll(row, places, event.context, 'context');
  if (body === 'columns') putAll(row, places, bodyOf(event), values);
  else if (body === 'overflow') keepAll(row, places, bodyOf(event), values);
  for (const key of Object.keys(event)) {
    if (!isKnownKey(event.type, key)) keepUnknown(row, key, event[key] ?? null);
  }
  row.end();
  return true;
}

/** Its properties or traits. */
export function bodyOf(event: Event): JsonObject {
  const body = event[eventTables[event.type].values];
  return isJsonObject(body) ? body : {};
}

function putStamps(row: RowBuilder, id: string, event: Event, now: string): void {
  const { columns } = row;
  const cells: Record<(typeof eventColumns)[number]['name'], CellValue> = {
    id,
    received_at: momentOf(event.receivedAt),
    sent_at: momentOf(event.sentAt),
    timestamp: momentOf(event.timestamp),
    original_timestamp: momentOf(event.originalTimestamp),
    // By `put`: whatever they hold is cut and kept as other texts are.
    anonymous_id: null,
    user_id: null,
    uuid_ts: now,
  };
  for (const { name, type } of eventColumns) row.set(columns.own(name, type), cells[name]);
  if (row.hasLoadedAt) row.set(columns.own(loadedAtColumn.name, loadedAtColumn.type), now);
}

function putText(row: RowBuilder, column: string, key: string, value: unknown): void {
  if (typeof value !== 'string' || value === '') return;
  row.putText(column, [key], value);
}

function putAll(row: RowBuilder, places: Places, object: JsonObject, key: string): void {
  places.each(object, places.top(key), (place, value) => {
    if (value !== null) row.put(place, value);
  });
}

function keepAll(row: RowBuilder, places: Places, object: JsonObject, key: string): void {
  places.each(object, places.top(key), ({ path }, value) => {
    if (value !== null) row.keep(path, value);
  });
}

function keepUnknown(row: RowBuilder, key: string, value: Json): void {
  if (value !== null) row.keep([key], value);
}

function momentOf(stamp: string | undefined): string | null {
  return stamp === undefined ? null : (readMoment(stamp)?.text ?? null);
}
