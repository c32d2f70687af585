import type { SelectQueryBuilder } from 'kysely';
import { DynamicModule } from 'kysely';
import { isJsonObject } from '../../core/json.ts';
import { type Page, type PageRequest, readPage } from './read-page.ts';

/** Beyond every position; a cursor has room for as many digits. */
const top = 999_999_999_999_999;

/**
 * A page of the rows that a query selects, the highest `position` first. Its cursors count from the top
 * down: what is added since changes no page.
 */
export async function newestFirstPage<Tables, Table extends keyof Tables, Row>(
  request: PageRequest,
  query: SelectQueryBuilder<Tables, Table, Row & { position: number }>,
): Promise<Page<{ readonly position: number; readonly row: Row }>> {
  const at = new DynamicModule<Tables>().ref('position');
  const fromTop = (rows: readonly (Row & { position: number })[]) =>
    rows.map((row) => ({ position: top - Number(row.position), row }));
  return readPage(request, {
    after: async (rank, count) =>
      fromTop(
        await query
          .where(at, '<', top - rank)
          .orderBy(at, 'desc')
          .limit(count)
          .execute(),
      ),
    before: async (rank, count) =>
      fromTop(
        await query
          .where(at, '>', top - rank)
          .orderBy(at)
          .limit(count)
          .execute(),
      ),
    total: async () => {
      const counted: unknown = await query
        .clearSelect()
        .select(({ fn }) => fn.countAll().as('total'))
        .executeTakeFirstOrThrow();
      return { total: isJsonObject(counted) ? Number(counted['total']) : 0 };
    },
  });
}
