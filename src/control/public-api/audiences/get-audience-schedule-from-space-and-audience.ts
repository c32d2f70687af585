import { findSchedule } from '../../audiences/audience-schedules.ts';
import { findAudience } from '../../audiences/find-audience.ts';
import { Type } from '../../schemas/type.ts';
import { readOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { AudienceSchedule } from '../models/audience.ts';
import { presentSchedule } from './present-audience.ts';

export const getAudienceScheduleFromSpaceAndAudience = readOperation({
  operationId: 'getAudienceScheduleFromSpaceAndAudience',
  method: 'GET',
  path: '/spaces/{spaceId}/audiences/{id}/schedules/{scheduleId}',
  tag: 'Audiences',
  summary: 'One schedule of an audience',
  permission: 'read',
  on: { space: 'spaceId' },
  tiers: ['v1', 'v1alpha'],
  params: Type.Object({ spaceId: Id, id: Id, scheduleId: Id }),
  response: Type.Object({ audienceSchedule: AudienceSchedule }),
  handle: async ({ db }, { params }) => {
    const audience = await findAudience(db, params.spaceId, params.id);
    const row = await findSchedule(db, audience, params.scheduleId);
    return { audienceSchedule: presentSchedule(row) };
  },
});
