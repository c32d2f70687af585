import { Type } from '../../schemas/type.ts';
import { sourcePage } from '../../sources/source-page.ts';
import { configRead } from '../frame/config-operation.ts';
import { configPage, PageQuery, pageOutput, pageToken } from '../frame/page.ts';
import { configSources, Source } from './source.ts';

export const listSources = configRead({
  operationId: 'configListSources',
  method: 'GET',
  path: '/workspaces/{workspace}/sources',
  tag: 'Sources',
  summary: 'All sources, oldest first',
  permission: 'read',
  area: 'source',
  query: PageQuery,
  response: Type.Object({ sources: Type.Array(Source), ...pageOutput }),
  handle: async (context, { query }) => {
    const { rows, pagination } = await sourcePage(context, configPage(query));
    return { sources: await configSources(context, rows), ...pageToken(pagination) };
  },
});
