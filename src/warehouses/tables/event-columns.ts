import type { EventType } from '../../core/event.ts';
import type { ColumnShape } from '../../core/warehouse-engine.ts';
import { type Place, topPlace } from '../values/leaves.ts';

/** The columns that every table of events has, in this order (spec tracking-api §14.1). */
export const eventColumns = [
  { name: 'id', type: 'text' },
  { name: 'received_at', type: 'timestamp' },
  { name: 'sent_at', type: 'timestamp' },
  { name: 'timestamp', type: 'timestamp' },
  { name: 'original_timestamp', type: 'timestamp' },
  { name: 'anonymous_id', type: 'text' },
  { name: 'user_id', type: 'text' },
  { name: 'uuid_ts', type: 'timestamp' },
] as const satisfies readonly ColumnShape[];

/** Of dialects that have it. */
export const loadedAtColumn = {
  name: 'loaded_at',
  type: 'timestamp',
} as const satisfies ColumnShape;

/** Where events of a type go. */
export interface EventTable {
  readonly table: string;
  /** Texts at the top of the event that are columns. */
  readonly own: readonly Place[];
  /** The key whose values are columns without a prefix. */
  readonly values: 'properties' | 'traits';
}

const named = [topPlace('name', 'name'), topPlace('category', 'category')];

export const eventTables: Readonly<Record<EventType, EventTable>> = {
  track: { table: 'tracks', own: [], values: 'properties' },
  identify: { table: 'identifies', own: [], values: 'traits' },
  page: { table: 'pages', own: named, values: 'properties' },
  screen: { table: 'screens', own: named, values: 'properties' },
  group: { table: 'groups', own: [topPlace('groupId', 'group_id')], values: 'traits' },
  alias: { table: 'aliases', own: [topPlace('previousId', 'previous_id')], values: 'traits' },
};

/** Keys at the top that have a column of every table, or none by design: Segment's schema leaves them out. */
const common = [
  ...['type', 'messageId', 'anonymousId', 'userId', 'context', 'integrations'],
  ...['timestamp', 'originalTimestamp', 'sentAt', 'receivedAt'],
  ...['channel', 'version', 'projectId', 'writeKey', '_metadata'],
];

const knownKeys: Readonly<Record<EventType, ReadonlySet<string>>> = {
  track: keysOf(eventTables.track, 'event'),
  identify: keysOf(eventTables.identify),
  page: keysOf(eventTables.page),
  screen: keysOf(eventTables.screen),
  group: keysOf(eventTables.group),
  alias: keysOf(eventTables.alias),
};

function keysOf({ own, values }: EventTable, ...others: readonly string[]): ReadonlySet<string> {
  return new Set([...common, values, ...own.flatMap(({ path }) => path), ...others]);
}

/** Whether a key at the top of an event is accounted for; what others hold is in the overflow of the row. */
export function isKnownKey(type: EventType, key: string): boolean {
  return knownKeys[type].has(key);
}
