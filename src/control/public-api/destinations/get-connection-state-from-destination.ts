import { openedDestinationSettings } from '../../destinations/destination-settings.ts';
import { findDestination, kindOf } from '../../destinations/find-destination.ts';
import { Type } from '../../schemas/type.ts';
import { readOperation } from '../frame/operation.ts';
import { Id, oneOf } from '../frame/schema.ts';

export const getConnectionStateFromDestination = readOperation({
  operationId: 'getConnectionStateFromDestination',
  method: 'GET',
  path: '/destinations/{destinationId}/connection-state',
  tag: 'Tributary',
  summary: 'Whether the settings of a destination let it sign in with its vendor just now',
  permission: 'write',
  on: { destination: 'destinationId' },
  perMinute: 60,
  params: Type.Object({ destinationId: Id }),
  response: Type.Object({
    connectionState: oneOf(['CONNECTED', 'FAILED', 'UNKNOWN']),
    message: Type.Optional(Type.String()),
  }),
  handle: async ({ db, environment }, { params }) => {
    const row = await findDestination(db, params.destinationId);
    const kind = kindOf(environment.catalog, row);
    const settings = openedDestinationSettings(environment, kind, row);
    const tested = await environment.probe?.test({ id: row.id, slug: kind.slug, settings });
    if (tested === undefined) return { connectionState: 'UNKNOWN' as const };
    const message = tested.state === 'FAILED' ? tested.message : undefined;
    return { connectionState: tested.state, ...(message !== undefined && { message }) };
  },
});
