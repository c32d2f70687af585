import { tablePage } from '../../paging/table-page.ts';
import { Type } from '../../schemas/type.ts';
import { readOperation } from '../frame/operation.ts';
import { PaginatedQuery, PaginationOutput, pageRequest } from '../frame/pagination.ts';
import { OAuthApp } from '../models/oauth-app.ts';
import { presentOAuthApps } from './read-oauth-app.ts';

export const listOAuthApps = readOperation({
  operationId: 'listOAuthApps',
  method: 'GET',
  path: '/oauth/apps',
  tag: 'Tributary',
  summary: 'The OAuth apps, oldest first',
  permission: 'read',
  on: 'source',
  query: PaginatedQuery,
  response: Type.Object({ apps: Type.Array(OAuthApp), pagination: PaginationOutput }),
  handle: async ({ db }, { query }) => {
    const page = await tablePage(pageRequest(query), db.selectFrom('oauth_app').selectAll());
    return { apps: await presentOAuthApps(db, page.rows), pagination: page.pagination };
  },
});
