import { configRead } from '../frame/config-operation.ts';
import { findNamedSource } from './find-named-source.ts';
import { SchemaConfig, schemaConfig } from './schema-config.ts';

export const getSchemaConfig = configRead({
  operationId: 'configGetSchemaConfig',
  method: 'GET',
  path: '/workspaces/{workspace}/sources/{source}/schema-config',
  tag: 'Sources',
  summary: 'What a source does with events that its tracking plan does not have, or that break it',
  permission: 'read',
  area: 'source',
  response: SchemaConfig,
  handle: async (context, { params }) =>
    schemaConfig(context, await findNamedSource(context.db, params.source)),
});
