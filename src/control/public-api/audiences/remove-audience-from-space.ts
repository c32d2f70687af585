import { findAudience } from '../../audiences/find-audience.ts';
import { Type } from '../../schemas/type.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id, StatusOutput, success } from '../frame/schema.ts';
import { presentAudience } from './present-audience.ts';

export const removeAudienceFromSpace = writeOperation({
  operationId: 'removeAudienceFromSpace',
  method: 'DELETE',
  path: '/spaces/{spaceId}/audiences/{id}',
  tag: 'Audiences',
  summary: 'Deletes an audience with its schedules',
  permission: 'write',
  on: { space: 'spaceId' },
  perMinute: 50,
  audit: { type: 'Audience Deleted', resourceType: 'audience' },
  params: Type.Object({ spaceId: Id, id: Id }),
  response: StatusOutput,
  handle: async ({ db }, { params }) => {
    const row = await findAudience(db, params.spaceId, params.id);
    await db.deleteFrom('audience').where('id', '=', row.id).execute();
    return {
      data: success,
      audited: {
        resourceId: row.id,
        resourceName: row.name,
        before: { audience: presentAudience(row) },
      },
    };
  },
});
