import { TributaryError } from '../../../core/errors.ts';
import type { LoadCursor, LoadUnit, StoredCursor } from '../../../core/warehouse-engine.ts';
import { literal, ownSchema, quoted } from './names.ts';

/**
 * What the loader keeps in the warehouse itself, in the schema `_tributary`: `sources` (the schema of each source) and
 * `cursors` (how far each stream is loaded, of each warehouse of the configuration and partition). A cursor changes only
 * in the transaction of the rows that it stands for.
 */
export const ownStatements = [
  `create schema if not exists ${quoted(ownSchema)}`,
  `create table if not exists ${quoted(ownSchema)}.sources (source_id varchar primary key, schema_name varchar not null)`,
  `create table if not exists ${quoted(ownSchema)}.cursors (
    warehouse varchar not null, stream varchar not null, partition integer not null,
    position bigint not null, stamp_input bigint not null, stamp_item bigint not null,
    primary key (warehouse, stream, partition))`,
];

export const sourcesQuery = `select source_id, schema_name from ${quoted(ownSchema)}.sources`;

/** The rows of `sourcesQuery`: schemas by source. */
export function readSources(rows: readonly (readonly unknown[])[]): ReadonlyMap<string, string> {
  return new Map(rows.map(([id, schema]) => [String(id), String(schema)]));
}

export function cursorsQuery(warehouse: string): string {
  return `select stream, partition, position, stamp_input, stamp_item from ${quoted(ownSchema)}.cursors where warehouse = ${literal(warehouse)}`;
}

/** A row of `cursorsQuery`; engines give large numbers as texts. */
export function readCursor(row: readonly unknown[]): StoredCursor {
  const [stream, partition, position, input, item] = row;
  return {
    stream: String(stream),
    partition: Number(partition),
    position: Number(position),
    stamp: { input: Number(input), item: Number(item) },
  };
}

/** The statements that record schemas and cursor of a unit, run in its transaction. */
export function unitStatements({ warehouse, stream, partition, to, schemas }: LoadUnit): string[] {
  const key = [literal(warehouse), literal(stream), String(partition)];
  const place = [to.position, to.stamp.input, to.stamp.item];
  return [
    ...schemas.map(
      ({ sourceId, schema }) =>
        `insert into ${quoted(ownSchema)}.sources values (${literal(sourceId)}, ${literal(schema)}) on conflict do nothing`,
    ),
    `insert into ${quoted(ownSchema)}.cursors values (${[...key, ...place].join(', ')})
     on conflict (warehouse, stream, partition) do update set position = excluded.position,
       stamp_input = excluded.stamp_input, stamp_item = excluded.stamp_item`,
  ];
}

export function forgetStatement(warehouse: string, stream: string): string {
  return `delete from ${quoted(ownSchema)}.cursors where warehouse = ${literal(warehouse)} and stream = ${literal(stream)}`;
}

/** Throws `lease_lost` unless the stored cursor is the one that a unit begins at. */
export function assertAt(stored: readonly StoredCursor[], unit: LoadUnit): void {
  if (!isAt(stored, unit)) throw cursorMoved();
}

export function cursorMoved(): TributaryError {
  return new TributaryError('lease_lost', 'Another loader has moved the cursor of the warehouse');
}

/** Whether the stored cursor is the one that a unit begins at. */
export function isAt(
  stored: readonly StoredCursor[],
  { stream, partition, from }: LoadUnit,
): boolean {
  const there: LoadCursor | undefined = stored.find(
    (cursor) => cursor.stream === stream && cursor.partition === partition,
  );
  if (there === undefined || from === undefined) return there === from;
  return (
    there.position === from.position &&
    there.stamp.input === from.stamp.input &&
    there.stamp.item === from.stamp.item
  );
}
