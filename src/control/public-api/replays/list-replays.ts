import { findDestination } from '../../destinations/find-destination.ts';
import { tablePage } from '../../paging/table-page.ts';
import { Type } from '../../schemas/type.ts';
import { readOperation } from '../frame/operation.ts';
import { PaginatedQuery, PaginationOutput, pageRequest } from '../frame/pagination.ts';
import { Id } from '../frame/schema.ts';
import { Replay } from '../models/replay.ts';
import { presentReplays } from './read-replay.ts';

export const listReplays = readOperation({
  operationId: 'listReplays',
  method: 'GET',
  path: '/destinations/{destinationId}/replays',
  tag: 'Tributary',
  summary: 'The replays of a destination, oldest first',
  permission: 'read',
  on: { destination: 'destinationId' },
  params: Type.Object({ destinationId: Id }),
  query: PaginatedQuery,
  response: Type.Object({ replays: Type.Array(Replay), pagination: PaginationOutput }),
  handle: async ({ db, environment }, { params, query }) => {
    const destination = await findDestination(db, params.destinationId);
    const all = db.selectFrom('replay').where('destination_id', '=', destination.id).selectAll();
    const page = await tablePage(pageRequest(query), all);
    return {
      replays: await presentReplays(environment.work(), page.rows),
      pagination: page.pagination,
    };
  },
});
