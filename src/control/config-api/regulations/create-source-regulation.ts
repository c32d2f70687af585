import { configWrite } from '../frame/config-operation.ts';
import { findNamedSource } from '../sources/find-named-source.ts';
import { RegulateId, RegulationInput, regulate } from './regulation-input.ts';

export const createSourceRegulation = configWrite({
  operationId: 'configCreateSourceRegulation',
  method: 'POST',
  path: '/workspaces/{workspace}/sources/{source}/regulations',
  tag: 'GDPR Regulations',
  summary: 'Suppresses or deletes end users in one source; suppression holds at once',
  permission: 'write',
  area: 'privacy',
  audit: { type: 'Regulation Created', resourceType: 'regulation' },
  body: RegulationInput,
  response: RegulateId,
  handle: async (context, { params, body }) => {
    const { id } = await findNamedSource(context.db, params.source);
    return regulate(context, id, body);
  },
});
