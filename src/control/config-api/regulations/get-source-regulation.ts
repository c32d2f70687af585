import { requirePrivacy } from '../../public-api/regulations/require-privacy.ts';
import { configRead } from '../frame/config-operation.ts';
import { findInScope } from './find-in-scope.ts';
import { configRegulation, RegulationOutput } from './regulation.ts';

export const getSourceRegulation = configRead({
  operationId: 'configGetSourceRegulation',
  method: 'GET',
  path: '/workspaces/{workspace}/sources/{source}/regulations/{regulation}',
  tag: 'GDPR Regulations',
  summary: 'How far a regulation of one source is, and at which destination',
  permission: 'read',
  area: 'privacy',
  response: RegulationOutput,
  handle: async (context, { params }) => {
    await requirePrivacy(context);
    const row = await findInScope(context, params.regulation, params.source);
    return configRegulation(context, row);
  },
});
