import { configWrite } from '../frame/config-operation.ts';
import { RegulateId, RegulationInput, regulate } from './regulation-input.ts';

export const createRegulation = configWrite({
  operationId: 'configCreateRegulation',
  method: 'POST',
  path: '/workspaces/{workspace}/regulations',
  tag: 'GDPR Regulations',
  summary: 'Suppresses or deletes end users in all sources; suppression holds at once',
  permission: 'write',
  area: 'privacy',
  audit: { type: 'Regulation Created', resourceType: 'regulation' },
  body: RegulationInput,
  response: RegulateId,
  handle: (context, { body }) => regulate(context, null, body),
});
