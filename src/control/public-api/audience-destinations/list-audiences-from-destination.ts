import { findDestination } from '../../destinations/find-destination.ts';
import { Type } from '../../schemas/type.ts';
import { readOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { AudienceOfDestination } from './connection-models.ts';

export const listAudiencesFromDestination = readOperation({
  operationId: 'listAudiencesFromDestination',
  method: 'GET',
  path: '/destinations/{destinationId}/audiences',
  tag: 'Tributary',
  summary: 'The audiences connected to a destination, with what each is at its vendor',
  permission: 'read',
  on: { destination: 'destinationId' },
  params: Type.Object({ destinationId: Id }),
  response: Type.Object({ audiences: Type.Array(AudienceOfDestination) }),
  handle: async ({ db }, { params }) => {
    const { id } = await findDestination(db, params.destinationId);
    const rows = await db
      .selectFrom('audience_destination as connection')
      .innerJoin('audience', 'audience.id', 'connection.audience_id')
      .select([
        'connection.id',
        'connection.external_id',
        'connection.settings',
        'audience.id as audience_id',
        'audience.space_id',
        'audience.key',
        'audience.name',
      ])
      .where('connection.destination_id', '=', id)
      .orderBy('connection.position')
      .execute();
    return {
      audiences: rows.map((row) => ({
        connectionId: row.id,
        audienceId: row.audience_id,
        ...{ spaceId: row.space_id, key: row.key, name: row.name },
        ...(row.external_id !== null && { externalId: row.external_id }),
        connectionSettings: JSON.parse(row.settings),
      })),
    };
  },
});
