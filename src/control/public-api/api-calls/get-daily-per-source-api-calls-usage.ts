import { visibleIds } from '../../access/visible-ids.ts';
import { Type } from '../../schemas/type.ts';
import { apiCalls, sourcesWithCalls } from '../../usage/api-calls.ts';
import { sourceDaysPage } from '../../usage/source-days-page.ts';
import { isoTime } from '../frame/iso-time.ts';
import { readOperation } from '../frame/operation.ts';
import { PaginationOutput, pageRequest } from '../frame/pagination.ts';
import { PeriodQuery, periodOf } from '../models/usage-period.ts';

export const getDailyPerSourceAPICallsUsage = readOperation({
  operationId: 'getDailyPerSourceAPICallsUsage',
  method: 'GET',
  path: '/usage/api-calls/sources/daily',
  tag: 'API Calls',
  summary: 'How many calls each source had in a month, from its start to the end of each day',
  permission: 'read',
  on: 'source',
  query: PeriodQuery,
  response: Type.Object({
    dailyPerSourceAPICallsUsage: Type.Array(
      Type.Object({ sourceId: Type.String(), apiCalls: Type.String(), timestamp: Type.String() }),
    ),
    pagination: PaginationOutput,
  }),
  handle: async (context, { query }) => {
    const { db, environment, principal } = context;
    const month = periodOf(query.period, environment.clock.now());
    const visible = await visibleIds(db, principal, 'source', 'SOURCE');
    const { entries, pagination } = await sourceDaysPage(
      pageRequest(query),
      await sourcesWithCalls(context, visible, month),
      month.days,
      (source) => apiCalls(context, [source], month),
    );
    return {
      dailyPerSourceAPICallsUsage: entries.map(({ source, day, calls }) => ({
        sourceId: source,
        apiCalls: String(calls),
        timestamp: isoTime(day),
      })),
      pagination,
    };
  },
});
