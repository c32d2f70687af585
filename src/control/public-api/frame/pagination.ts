import { limits } from '../../../core/limits.ts';
import { decodeCursor, firstPage } from '../../paging/cursor.ts';
import type { PageRequest } from '../../paging/read-page.ts';
import { type Static, Type } from '../../schemas/type.ts';
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

export function pageRequest(query: Static<typeof PaginatedQuery>): PageRequest {
  const { cursor, count = limits.pageCountDefault } = query.pagination ?? {};
  return { cursor: cursor === undefined ? firstPage : decodeCursor(cursor), count };
}
