import Type, { type Static } from 'typebox';
import { limits } from '../../../core/limits.ts';
import { type Cursor, decodeCursor, encodeCursor, firstPage } from './cursor.ts';
import { nullable } from './schema.ts';

/** As clients ask for a page (spec public-api §4). */
export const PaginationInput = Type.Object({
  count: Type.Optional(Type.Integer({ minimum: 1, maximum: limits.pageCountMost })),
  cursor: Type.Optional(Type.String({ minLength: 1, maxLength: 1_000 })),
});

/** The query of every list. */
export const PaginatedQuery = Type.Object({ pagination: Type.Optional(PaginationInput) });

/** As a page is answered. Both ends of the list are null. */
export const PaginationOutput = Type.Object({
  current: Type.String(),
  next: nullable('string'),
  previous: nullable('string'),
  totalEntries: Type.Integer(),
});

export interface PageRequest {
  readonly cursor: Cursor;
  readonly count: number;
}

export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly pagination: Static<typeof PaginationOutput>;
}

/** Rows of one list, in order of their position. */
export interface PageSource<Row> {
  /** At most `count` rows after `position`, ascending. */
  after(position: number, count: number): Promise<readonly Row[]>;
  /** At most `count` rows before `position`, descending. */
  before(position: number, count: number): Promise<readonly Row[]>;
  /** How many rows there are in all. */
  total(): Promise<{ readonly total: number | string | bigint }>;
}

export function pageRequest(query: Static<typeof PaginatedQuery>): PageRequest {
  const { cursor, count = limits.pageCountDefault } = query.pagination ?? {};
  return { cursor: cursor === undefined ? firstPage : decodeCursor(cursor), count };
}

/** One page, and whether there is more on either side. */
export async function readPage<Row extends { readonly position: number }>(
  { cursor, count }: PageRequest,
  source: PageSource<Row>,
): Promise<Page<Row>> {
  const forward = cursor.side === 'after';
  const found = await (forward
    ? source.after(cursor.position, count + 1)
    : source.before(cursor.position, count + 1));
  const more = found.length > count;
  const kept = found.slice(0, count);
  const rows = forward ? kept : kept.reverse();
  const first = rows[0]?.position ?? cursor.position + (forward ? 1 : 0);
  const last = rows.at(-1)?.position ?? cursor.position - (forward ? 0 : 1);
  const hasNext = forward ? more : (await source.after(last, 1)).length > 0;
  const hasPrevious = forward ? (await source.before(first, 1)).length > 0 : more;
  return {
    rows,
    pagination: {
      current: encodeCursor(cursor),
      next: hasNext ? encodeCursor({ side: 'after', position: last }) : null,
      previous: hasPrevious ? encodeCursor({ side: 'before', position: first }) : null,
      totalEntries: Number((await source.total()).total),
    },
  };
}
