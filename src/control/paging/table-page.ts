import type { SelectQueryBuilder } from 'kysely';
import { DynamicModule } from 'kysely';
import type { ControlTables } from '../../core/tables/control-tables.ts';
import { type Page, type PageRequest, readPage } from './read-page.ts';

/**
 * A page of the rows that a query selects, in order of their `position`. The query names its columns and
 * conditions, no order and no limit; where it joins tables, `column` says whose position counts.
 */
export function tablePage<Table extends keyof ControlTables, Row>(
  request: PageRequest,
  query: SelectQueryBuilder<ControlTables, Table, Row & { position: number }>,
  column = 'position',
): Promise<Page<Row & { position: number }>> {
  const at = new DynamicModule<ControlTables>().ref(column);
  return readPage(request, {
    after: (position, count) => query.where(at, '>', position).orderBy(at).limit(count).execute(),
    before: (position, count) =>
      query.where(at, '<', position).orderBy(at, 'desc').limit(count).execute(),
    total: () =>
      query
        .clearSelect()
        .select(({ fn }) => fn.countAll().as('total'))
        .executeTakeFirstOrThrow(),
  });
}
