import { findDestination } from '../../destinations/find-destination.ts';
import { readPage } from '../../paging/read-page.ts';
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
    const all = db.selectFrom('replay').where('destination_id', '=', destination.id);
    const page = await readPage(pageRequest(query), {
      after: (position, count) =>
        all.selectAll().where('position', '>', position).orderBy('position').limit(count).execute(),
      before: (position, count) =>
        all
          .selectAll()
          .where('position', '<', position)
          .orderBy('position', 'desc')
          .limit(count)
          .execute(),
      total: () => all.select(({ fn }) => fn.countAll().as('total')).executeTakeFirstOrThrow(),
    });
    return {
      replays: await presentReplays(environment.work(), page.rows),
      pagination: page.pagination,
    };
  },
});
