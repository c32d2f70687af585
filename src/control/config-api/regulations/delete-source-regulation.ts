import { withdrawRegulation } from '../../privacy/withdraw-regulation.ts';
import { auditedRegulation } from '../../public-api/regulations/audited-regulation.ts';
import { configWrite } from '../frame/config-operation.ts';
import { Nothing, nothing } from '../frame/nothing.ts';
import { findInScope } from './find-in-scope.ts';

export const deleteSourceRegulation = configWrite({
  operationId: 'configDeleteSourceRegulation',
  method: 'DELETE',
  path: '/workspaces/{workspace}/sources/{source}/regulations/{regulation}',
  tag: 'GDPR Regulations',
  summary:
    'Takes a regulation of one source back that has deleted nothing yet; its suppression stays',
  permission: 'write',
  area: 'privacy',
  audit: { type: 'Regulation Deleted', resourceType: 'regulation' },
  response: Nothing,
  handle: async (context, { params }) => {
    const row = await findInScope(context, params.regulation, params.source);
    await withdrawRegulation(context, row);
    return { data: nothing, audited: auditedRegulation(row).audited };
  },
});
