import { type Cursor, encodeCursor } from './cursor.ts';

export interface PageRequest {
  readonly cursor: Cursor;
  readonly count: number;
}

/** Where a page stands. Both ends of the list are null. */
export interface Pagination {
  readonly current: string;
  readonly next: string | null;
  readonly previous: string | null;
  readonly totalEntries: number;
}

export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly pagination: Pagination;
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
