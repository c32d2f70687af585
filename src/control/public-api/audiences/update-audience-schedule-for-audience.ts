import { changeSchedule, findSchedule } from '../../audiences/audience-schedules.ts';
import { findAudience } from '../../audiences/find-audience.ts';
import { Type } from '../../schemas/type.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { AudienceSchedule, AudienceScheduleInput } from '../models/audience.ts';
import { presentSchedule } from './present-audience.ts';

export const updateAudienceScheduleForAudience = writeOperation({
  operationId: 'updateAudienceScheduleForAudience',
  method: 'PATCH',
  path: '/spaces/{spaceId}/audiences/{id}/schedules/{scheduleId}',
  tag: 'Audiences',
  summary: 'Changes when an audience is to be computed',
  permission: 'write',
  on: { space: 'spaceId' },
  perMinute: 50,
  tiers: ['v1', 'v1alpha'],
  audit: { type: 'Audience Modified', resourceType: 'audience' },
  params: Type.Object({ spaceId: Id, id: Id, scheduleId: Id }),
  body: AudienceScheduleInput,
  response: Type.Object({ audienceSchedule: AudienceSchedule }),
  handle: async (context, { params, body }) => {
    const audience = await findAudience(context.db, params.spaceId, params.id);
    const row = await findSchedule(context.db, audience, params.scheduleId);
    const changed = await changeSchedule(context, audience, row, body);
    return {
      data: { audienceSchedule: presentSchedule(changed) },
      audited: {
        resourceId: audience.id,
        resourceName: audience.name,
        before: { audienceSchedule: presentSchedule(row) },
      },
    };
  },
});
