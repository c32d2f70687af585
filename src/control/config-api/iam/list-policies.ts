import { TributaryError } from '../../../core/errors.ts';
import { findRole } from '../../access/roles.ts';
import { listPage } from '../../paging/list-page.ts';
import { Type } from '../../schemas/type.ts';
import { configRead } from '../frame/config-operation.ts';
import { configPage, PageQuery, pageOutput, pageToken } from '../frame/page.ts';
import { allPolicies, configPolicy, PolicyOutput } from './policies.ts';

export const listPolicies = configRead({
  operationId: 'configListPolicies',
  method: 'GET',
  path: '/workspaces/{workspace}/roles/{role}/policies',
  tag: 'IAM',
  summary: 'Who has a role, and on what; of all roles where the role is `-`',
  permission: 'admin',
  area: 'access',
  query: PageQuery,
  response: Type.Object({ policies: Type.Array(PolicyOutput), ...pageOutput }),
  handle: async (context, { params: { role }, query }) => {
    if (role !== '-' && findRole(role) === undefined) {
      throw new TributaryError('not_found', `Role '${role}' not found.`);
    }
    const all = await allPolicies(context);
    const own = all.filter(({ roleId }) => role === '-' || roleId === role);
    const { rows, pagination } = await listPage(configPage(query), own);
    const policies = await Promise.all(rows.map(({ item }) => configPolicy(context, item)));
    return { policies, ...pageToken(pagination) };
  },
});
