import { configRead } from '../frame/config-operation.ts';
import { findNamedSource } from './find-named-source.ts';
import { configSource, Source } from './source.ts';

export const getSource = configRead({
  operationId: 'configGetSource',
  method: 'GET',
  path: '/workspaces/{workspace}/sources/{source}',
  tag: 'Sources',
  summary: 'One source',
  permission: 'read',
  area: 'source',
  response: Source,
  handle: async (context, { params }) =>
    configSource(context, await findNamedSource(context.db, params.source)),
});
