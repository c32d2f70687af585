import { Type } from '../../schemas/type.ts';
import { readOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { presentSourceOAuth, SourceOAuth } from './source-oauth.ts';

export const getSourceOAuth = readOperation({
  operationId: 'getSourceOAuth',
  method: 'GET',
  path: '/sources/{sourceId}/oauth',
  tag: 'Tributary',
  summary: 'Whether a source requires OAuth, and which apps may write to it',
  permission: 'read',
  on: { source: 'sourceId' },
  params: Type.Object({ sourceId: Id }),
  response: Type.Object({ oauth: SourceOAuth }),
  handle: async ({ db }, { params }) => ({ oauth: await presentSourceOAuth(db, params.sourceId) }),
});
