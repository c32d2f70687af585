import { askForExternalId } from '../../audiences/destinations/ask-for-external-id.ts';
import { findAudienceConnection } from '../../audiences/destinations/find-connection.ts';
import { findAudience } from '../../audiences/find-audience.ts';
import { findDestination } from '../../destinations/find-destination.ts';
import { Type } from '../../schemas/type.ts';
import { writeOperation } from '../frame/operation.ts';
import { FreeObject, Id } from '../frame/schema.ts';
import { ConnectionChange, IdSyncConfiguration } from './connection-models.ts';

export const updateDestinationForAudience = writeOperation({
  operationId: 'updateDestinationForAudience',
  method: 'PATCH',
  path: '/spaces/{spaceId}/audiences/{audienceId}/destination-connections/{destinationId}',
  tag: 'Activations',
  summary: 'Changes how an audience is sent to a destination; what is absent stays',
  permission: 'write',
  on: { space: 'spaceId' },
  tiers: ['v1alpha'],
  audit: { type: 'Audience Modified', resourceType: 'audience' },
  params: Type.Object({ spaceId: Id, audienceId: Id, destinationId: Id }),
  body: Type.Object({
    ...ConnectionChange,
    /** Ours: as when it is connected. */
    externalId: Type.Optional(Type.String({ minLength: 1, maxLength: 1_000 })),
  }),
  response: Type.Object({
    destination: Type.Object({ id: Type.String() }),
    idSyncConfiguration: Type.Optional(Type.Array(IdSyncConfiguration)),
    connectionSettings: Type.Optional(FreeObject),
  }),
  prepare: async ({ db, environment }, { params, query, body }) => {
    const audience = await findAudience(db, params.spaceId, params.audienceId);
    const row = await findAudienceConnection(db, audience, params.destinationId);
    if (body.externalId === undefined && body.connectionSettings === undefined) {
      return { params, query, body };
    }
    const destination = await findDestination(db, row.destination_id);
    const settings = body.connectionSettings ?? JSON.parse(row.settings);
    const known = body.externalId ?? row.external_id ?? undefined;
    const externalId = await askForExternalId(environment, audience, destination, settings, known);
    return { params, query, body: { ...body, ...(externalId !== undefined && { externalId }) } };
  },
  handle: async ({ db, now }, { params, body }) => {
    const audience = await findAudience(db, params.spaceId, params.audienceId);
    const row = await findAudienceConnection(db, audience, params.destinationId);
    const idSync = body.idSyncConfiguration ?? JSON.parse(row.id_sync);
    const settings = body.connectionSettings ?? JSON.parse(row.settings);
    await db
      .updateTable('audience_destination')
      .set({
        external_id: body.externalId ?? row.external_id,
        settings: JSON.stringify(settings),
        id_sync: JSON.stringify(idSync),
        updated_at: now,
      })
      .where('id', '=', row.id)
      .execute();
    return {
      data: {
        destination: { id: row.destination_id },
        idSyncConfiguration: idSync,
        connectionSettings: settings,
      },
      audited: { resourceId: audience.id, resourceName: audience.name },
    };
  },
});
