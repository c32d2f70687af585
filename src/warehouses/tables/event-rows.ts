import type { Event } from '../../core/event.ts';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import type { CellValue } from '../../core/warehouse-engine.ts';
import { type Place, type Places, topPlace } from '../values/leaves.ts';
import { readMoment } from '../values/read-moment.ts';
import { storedId } from '../values/stored-id.ts';
import { eventColumns, eventTables, isKnownKey, loadedAtColumn } from './event-columns.ts';
import type { RowBuilder } from './row-builder.ts';

export interface EventRow {
  readonly event: Event;
  readonly stamps: EventStamps;
  /** Name of the event's own table; undefined: it has none, or this is no track call. */
  readonly ownTable: string | undefined;
  /** Where its properties or traits go: columns of the row, its overflow, or the row of another table. */
  readonly body: 'columns' | 'overflow' | 'elsewhere';
}

/** What the rows of an event have alike in all tables. */
export interface EventStamps {
  readonly id: string;
  /** Of the columns that every table has, in their order. */
  readonly cells: readonly CellValue[];
  /** The moment of the load, ISO 8601. */
  readonly now: string;
}

const texts = [topPlace('anonymousId', 'anonymous_id'), topPlace('userId', 'user_id')];
/** Not what the client sends: the table. */
const eventTable = topPlace('event', 'event');
const eventTexts = [topPlace('event', 'event_text')];

export function stampsOf(event: Event, now: string): EventStamps {
  const id = storedId(event.messageId);
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
  return { id, now, cells: eventColumns.map(({ name }) => cells[name]) };
}

/** Adds the row of an event to a table. False when the table has one of its id already. */
export function addEventRow(
  row: RowBuilder,
  places: Places,
  { event, stamps, ownTable, body }: EventRow,
): boolean {
  if (!row.begin(stamps.id)) return false;
  row.setAll(eventColumns, stamps.cells);
  if (row.hasLoadedAt) {
    row.set(row.columns.own(loadedAtColumn.name, loadedAtColumn.type), stamps.now);
  }
  const { own, values } = eventTables[event.type];
  putTexts(row, event, texts);
  putTexts(row, event, own);
  if (event.type === 'track') {
    if (ownTable !== undefined) row.put(eventTable, ownTable);
    putTexts(row, event, eventTexts);
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

function putTexts(row: RowBuilder, event: Event, places: readonly Place[]): void {
  for (const place of places) {
    const value = event[place.path[0] ?? ''];
    if (typeof value === 'string' && value !== '') row.put(place, value, 'text');
  }
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
