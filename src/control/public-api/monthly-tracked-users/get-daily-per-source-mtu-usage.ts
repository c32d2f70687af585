import { visibleIds } from '../../access/visible-ids.ts';
import { Type } from '../../schemas/type.ts';
import { sourceDaysPage } from '../../usage/source-days-page.ts';
import { sourcesWithUsers, trackedUsers } from '../../usage/tracked-users.ts';
import { readOperation } from '../frame/operation.ts';
import { PaginationOutput, pageRequest } from '../frame/pagination.ts';
import { PeriodQuery, periodOf } from '../models/usage-period.ts';
import { presentUsers, usersOutput } from './present-users.ts';

export const getDailyPerSourceMTUUsage = readOperation({
  operationId: 'getDailyPerSourceMTUUsage',
  method: 'GET',
  path: '/usage/mtu/sources/daily',
  tag: 'Monthly Tracked Users',
  summary: 'How many users each source saw in a month, from its start to the end of each day',
  permission: 'read',
  on: 'source',
  query: PeriodQuery,
  response: Type.Object({
    dailyPerSourceMTUUsage: Type.Array(Type.Object({ sourceId: Type.String(), ...usersOutput })),
    pagination: PaginationOutput,
  }),
  handle: async (context, { query }) => {
    const { db, environment, principal } = context;
    const month = periodOf(query.period, environment.clock.now());
    const visible = await visibleIds(db, principal, 'source', 'SOURCE');
    const sources = await sourcesWithUsers(context, visible, month);
    const { entries, pagination } = await sourceDaysPage(
      pageRequest(query),
      sources,
      month.days,
      (source) => trackedUsers(context, [source], month),
    );
    return {
      dailyPerSourceMTUUsage: entries.map((entry) => ({
        sourceId: entry.source,
        ...presentUsers(entry, month),
      })),
      pagination,
    };
  },
});
