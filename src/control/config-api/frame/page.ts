import { limits } from '../../../core/limits.ts';
import { decodeCursor, firstPage } from '../../paging/cursor.ts';
import type { PageRequest, Pagination } from '../../paging/read-page.ts';
import { type Static, Type } from '../../schemas/type.ts';

/** How clients ask for a page (spec config-api §1). */
export const pageQuery = {
  page_size: Type.Optional(Type.Integer({ minimum: 0 })),
  page_token: Type.Optional(Type.String({ maxLength: 1_000 })),
};

/** The query of every list. */
export const PageQuery = Type.Object(pageQuery);

/** What every list answers beside its entries: empty at the end. */
export const pageOutput = { next_page_token: Type.String() };

/** 0 is the default, and more than is given at once is as much as is given. */
export function configPage({ page_size = 0, page_token }: Static<typeof PageQuery>): PageRequest {
  const count = page_size === 0 ? limits.configPageDefault : page_size;
  return {
    cursor: page_token === undefined ? firstPage : decodeCursor(page_token, 'page_token'),
    count: Math.min(count, limits.pageCountMost),
  };
}

export function pageToken({ next }: Pagination): { readonly next_page_token: string } {
  return { next_page_token: next ?? '' };
}
