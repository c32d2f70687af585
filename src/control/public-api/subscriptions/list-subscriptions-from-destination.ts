import { findDestination } from '../../destinations/find-destination.ts';
import { tablePage } from '../../paging/table-page.ts';
import { Type } from '../../schemas/type.ts';
import { readOperation } from '../frame/operation.ts';
import { PaginatedQuery, PaginationOutput, pageRequest } from '../frame/pagination.ts';
import { Id } from '../frame/schema.ts';
import { DestinationSubscription } from '../models/subscription.ts';
import { presentSubscription } from './present-subscription.ts';

export const listSubscriptionsFromDestination = readOperation({
  operationId: 'listSubscriptionsFromDestination',
  method: 'GET',
  path: '/destinations/{destinationId}/subscriptions',
  tag: 'Destinations',
  summary: 'The subscriptions of a destination, oldest first',
  permission: 'read',
  on: { destination: 'destinationId' },
  tiers: ['v1alpha'],
  params: Type.Object({ destinationId: Id }),
  query: PaginatedQuery,
  response: Type.Object({
    subscriptions: Type.Array(DestinationSubscription),
    pagination: PaginationOutput,
  }),
  handle: async ({ db }, { params, query }) => {
    const destination = await findDestination(db, params.destinationId);
    const { rows, pagination } = await tablePage(
      pageRequest(query),
      db
        .selectFrom('destination_subscription')
        .selectAll()
        .where('destination_id', '=', destination.id),
    );
    return { subscriptions: rows.map(presentSubscription), pagination };
  },
});
