import { findSchedule } from '../../audiences/audience-schedules.ts';
import { findAudience } from '../../audiences/find-audience.ts';
import { Type } from '../../schemas/type.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id, StatusOutput, success } from '../frame/schema.ts';
import { presentSchedule } from './present-audience.ts';

export const removeAudienceScheduleFromAudience = writeOperation({
  operationId: 'removeAudienceScheduleFromAudience',
  method: 'DELETE',
  path: '/spaces/{spaceId}/audiences/{id}/schedules/{scheduleId}',
  tag: 'Audiences',
  summary: 'Deletes a schedule of an audience',
  permission: 'write',
  on: { space: 'spaceId' },
  perMinute: 50,
  tiers: ['v1', 'v1alpha'],
  audit: { type: 'Audience Modified', resourceType: 'audience' },
  params: Type.Object({ spaceId: Id, id: Id, scheduleId: Id }),
  response: StatusOutput,
  handle: async ({ db }, { params }) => {
    const audience = await findAudience(db, params.spaceId, params.id);
    const row = await findSchedule(db, audience, params.scheduleId);
    await db.deleteFrom('audience_schedule').where('id', '=', row.id).execute();
    return {
      data: success,
      audited: {
        resourceId: audience.id,
        resourceName: audience.name,
        before: { audienceSchedule: presentSchedule(row) },
      },
    };
  },
});
