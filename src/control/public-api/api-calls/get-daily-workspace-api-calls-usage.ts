import { listPage } from '../../paging/list-page.ts';
import { Type } from '../../schemas/type.ts';
import { apiCalls } from '../../usage/api-calls.ts';
import { isoTime } from '../frame/iso-time.ts';
import { readOperation } from '../frame/operation.ts';
import { PaginationOutput, pageRequest } from '../frame/pagination.ts';
import { PeriodQuery, periodOf } from '../models/usage-period.ts';

export const getDailyWorkspaceAPICallsUsage = readOperation({
  operationId: 'getDailyWorkspaceAPICallsUsage',
  method: 'GET',
  path: '/usage/api-calls/daily',
  tag: 'API Calls',
  summary: 'How many calls came in a month, from its start to the end of each day',
  permission: 'read',
  on: 'workspace',
  query: PeriodQuery,
  response: Type.Object({
    dailyWorkspaceAPICallsUsage: Type.Array(
      Type.Object({ apiCalls: Type.String(), timestamp: Type.String() }),
    ),
    pagination: PaginationOutput,
  }),
  handle: async (context, { query }) => {
    const month = periodOf(query.period, context.environment.clock.now());
    const days = await apiCalls(context, undefined, month);
    const { rows, pagination } = await listPage(pageRequest(query), days);
    return {
      dailyWorkspaceAPICallsUsage: rows.map(({ item: { calls, day } }) => ({
        apiCalls: String(calls),
        timestamp: isoTime(day),
      })),
      pagination,
    };
  },
});
