import { requirePrivacy } from '../../public-api/regulations/require-privacy.ts';
import { configRead } from '../frame/config-operation.ts';
import { findNamedSource } from '../sources/find-named-source.ts';
import { listRegulationsOf, RegulationList, RegulationQuery } from './regulation-list.ts';

export const listSourceRegulations = configRead({
  operationId: 'configListSourceRegulations',
  method: 'GET',
  path: '/workspaces/{workspace}/sources/{source}/regulations',
  tag: 'GDPR Regulations',
  summary: 'The regulations of one source, oldest first',
  permission: 'read',
  area: 'privacy',
  query: RegulationQuery,
  response: RegulationList,
  handle: async (context, { params, query }) => {
    await requirePrivacy(context);
    const { id } = await findNamedSource(context.db, params.source);
    return listRegulationsOf(context, id, query);
  },
});
