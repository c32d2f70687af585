import { listPage } from '../../paging/list-page.ts';
import { Type } from '../../schemas/type.ts';
import { trackedUsers } from '../../usage/tracked-users.ts';
import { readOperation } from '../frame/operation.ts';
import { PaginationOutput, pageRequest } from '../frame/pagination.ts';
import { PeriodQuery, periodOf } from '../models/usage-period.ts';
import { presentUsers, usersOutput } from './present-users.ts';

export const getDailyWorkspaceMTUUsage = readOperation({
  operationId: 'getDailyWorkspaceMTUUsage',
  method: 'GET',
  path: '/usage/mtu/daily',
  tag: 'Monthly Tracked Users',
  summary: 'How many users were seen in a month, from its start to the end of each day',
  permission: 'read',
  on: 'workspace',
  query: PeriodQuery,
  response: Type.Object({
    dailyWorkspaceMTUUsage: Type.Array(Type.Object(usersOutput)),
    pagination: PaginationOutput,
  }),
  handle: async (context, { query }) => {
    const month = periodOf(query.period, context.environment.clock.now());
    const days = await trackedUsers(context, undefined, month);
    const { rows, pagination } = await listPage(pageRequest(query), days);
    return {
      dailyWorkspaceMTUUsage: rows.map(({ item }) => presentUsers(item, month)),
      pagination,
    };
  },
});
