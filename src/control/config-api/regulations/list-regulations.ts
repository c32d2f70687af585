import { requirePrivacy } from '../../public-api/regulations/require-privacy.ts';
import { configRead } from '../frame/config-operation.ts';
import { listRegulationsOf, RegulationList, RegulationQuery } from './regulation-list.ts';

export const listRegulations = configRead({
  operationId: 'configListRegulations',
  method: 'GET',
  path: '/workspaces/{workspace}/regulations',
  tag: 'GDPR Regulations',
  summary: 'The regulations of the whole workspace, oldest first',
  permission: 'read',
  area: 'privacy',
  query: RegulationQuery,
  response: RegulationList,
  handle: async (context, { query }) => {
    await requirePrivacy(context);
    return listRegulationsOf(context, undefined, query);
  },
});
