import { addSchedule } from '../../audiences/audience-schedules.ts';
import { findAudience } from '../../audiences/find-audience.ts';
import { Type } from '../../schemas/type.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { AudienceSchedule, AudienceScheduleInput } from '../models/audience.ts';
import { presentSchedule } from './present-audience.ts';

export const addAudienceScheduleToAudience = writeOperation({
  operationId: 'addAudienceScheduleToAudience',
  method: 'POST',
  path: '/spaces/{spaceId}/audiences/{id}/schedules',
  tag: 'Audiences',
  summary: 'Adds a time at which an audience is to be computed; nobody computes it yet',
  permission: 'write',
  on: { space: 'spaceId' },
  perMinute: 50,
  tiers: ['v1', 'v1alpha'],
  audit: { type: 'Audience Modified', resourceType: 'audience' },
  params: Type.Object({ spaceId: Id, id: Id }),
  body: AudienceScheduleInput,
  response: Type.Object({ audienceSchedule: AudienceSchedule }),
  handle: async (context, { params, body }) => {
    const audience = await findAudience(context.db, params.spaceId, params.id);
    const row = await addSchedule(context, audience, body);
    return {
      data: { audienceSchedule: presentSchedule(row) },
      audited: { resourceId: audience.id, resourceName: audience.name },
    };
  },
});
