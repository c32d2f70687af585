import { askForExternalId } from '../../audiences/destinations/ask-for-external-id.ts';
import {
  connectDestination,
  connectedAlready,
} from '../../audiences/destinations/connect-destination.ts';
import { findAudience } from '../../audiences/find-audience.ts';
import { findDestination } from '../../destinations/find-destination.ts';
import { Type } from '../../schemas/type.ts';
import { writeOperation } from '../frame/operation.ts';
import { FreeObject, Id } from '../frame/schema.ts';
import { ConnectionChange, IdSyncConfiguration } from './connection-models.ts';

export const addDestinationToAudience = writeOperation({
  operationId: 'addDestinationToAudience',
  method: 'POST',
  path: '/spaces/{spaceId}/audiences/{audienceId}/destination-connections',
  tag: 'Activations',
  summary: 'Connects an audience to a destination, whose vendor is asked to make it',
  permission: 'write',
  on: { space: 'spaceId' },
  tiers: ['v1alpha'],
  perMinute: 50,
  audit: { type: 'Audience Modified', resourceType: 'audience' },
  params: Type.Object({ spaceId: Id, audienceId: Id }),
  body: Type.Object({
    destination: Type.Object({ id: Id, type: Type.String({ minLength: 1, maxLength: 255 }) }),
    ...ConnectionChange,
    /** Ours: what the audience is at the vendor already. It is then looked up, not made. */
    externalId: Type.Optional(Type.String({ minLength: 1, maxLength: 1_000 })),
  }),
  response: Type.Object({
    connection: Type.Object({ id: Type.String() }),
    idSyncConfiguration: Type.Array(IdSyncConfiguration),
    connectionSettings: Type.Optional(FreeObject),
  }),
  prepare: async ({ db, environment }, { params, query, body }) => {
    const audience = await findAudience(db, params.spaceId, params.audienceId);
    const destination = await findDestination(db, body.destination.id);
    const known = await db
      .selectFrom('audience_destination')
      .select('id')
      .where('audience_id', '=', audience.id)
      .where('destination_id', '=', destination.id)
      .executeTakeFirst();
    if (known !== undefined) throw connectedAlready();
    const settings = body.connectionSettings ?? {};
    const asked = [environment, audience, destination, settings, body.externalId] as const;
    const externalId = await askForExternalId(...asked);
    return { params, query, body: { ...body, ...(externalId !== undefined && { externalId }) } };
  },
  handle: async (context, { params, body }) => {
    const audience = await findAudience(context.db, params.spaceId, params.audienceId);
    const idSync = body.idSyncConfiguration ?? [];
    const settings = body.connectionSettings ?? {};
    const row = await connectDestination(context, audience, {
      ...{ destinationId: body.destination.id, idSync, settings },
      externalId: body.externalId ?? null,
    });
    return {
      data: {
        connection: { id: row.id },
        idSyncConfiguration: idSync,
        connectionSettings: settings,
      },
      audited: { resourceId: audience.id, resourceName: audience.name },
    };
  },
});
