import { findAudienceConnection } from '../../audiences/destinations/find-connection.ts';
import { findAudience } from '../../audiences/find-audience.ts';
import { Type } from '../../schemas/type.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id, StatusOutput, success } from '../frame/schema.ts';

export const removeDestinationFromAudience = writeOperation({
  operationId: 'removeDestinationFromAudience',
  method: 'DELETE',
  path: '/spaces/{spaceId}/audiences/{audienceId}/destination-connections/{destinationId}',
  tag: 'Activations',
  summary: 'Connects an audience to a destination no longer; at the vendor it stays',
  permission: 'write',
  on: { space: 'spaceId' },
  tiers: ['v1alpha'],
  audit: { type: 'Audience Modified', resourceType: 'audience' },
  params: Type.Object({ spaceId: Id, audienceId: Id, destinationId: Id }),
  response: StatusOutput,
  handle: async ({ db }, { params }) => {
    const audience = await findAudience(db, params.spaceId, params.audienceId);
    const row = await findAudienceConnection(db, audience, params.destinationId);
    await db.deleteFrom('audience_destination').where('id', '=', row.id).execute();
    return { data: success, audited: { resourceId: audience.id, resourceName: audience.name } };
  },
});
