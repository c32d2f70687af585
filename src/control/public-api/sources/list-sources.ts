import Type from 'typebox';
import { readOperation } from '../frame/operation.ts';
import { PaginatedQuery, PaginationOutput, pageRequest, readPage } from '../frame/pagination.ts';
import { Source } from '../models/source.ts';
import { presentSources } from './read-source.ts';

export const listSources = readOperation({
  operationId: 'listSources',
  method: 'GET',
  path: '/sources',
  tag: 'Sources',
  summary: 'All sources, oldest first',
  permission: 'read',
  on: 'source',
  query: PaginatedQuery,
  response: Type.Object({ sources: Type.Array(Source), pagination: PaginationOutput }),
  handle: async (context, { query }) => {
    const all = context.db.selectFrom('source');
    const page = await readPage(pageRequest(query), {
      after: (position, count) =>
        all.selectAll().where('position', '>', position).orderBy('position').limit(count).execute(),
      before: (position, count) =>
        all
          .selectAll()
          .where('position', '<', position)
          .orderBy('position', 'desc')
          .limit(count)
          .execute(),
      total: () => all.select(({ fn }) => fn.countAll().as('total')).executeTakeFirstOrThrow(),
    });
    return { sources: await presentSources(context, page.rows), pagination: page.pagination };
  },
});
