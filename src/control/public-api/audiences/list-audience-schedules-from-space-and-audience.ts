import { readSchedules } from '../../audiences/audience-schedules.ts';
import { findAudience } from '../../audiences/find-audience.ts';
import { Type } from '../../schemas/type.ts';
import { readOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { AudienceSchedule } from '../models/audience.ts';
import { presentSchedule } from './present-audience.ts';

export const listAudienceSchedulesFromSpaceAndAudience = readOperation({
  operationId: 'listAudienceSchedulesFromSpaceAndAudience',
  method: 'GET',
  path: '/spaces/{spaceId}/audiences/{id}/schedules',
  tag: 'Audiences',
  summary: 'When an audience is to be computed, all its schedules at once',
  permission: 'read',
  on: { space: 'spaceId' },
  tiers: ['v1', 'v1alpha'],
  params: Type.Object({ spaceId: Id, id: Id }),
  response: Type.Object({ audienceSchedules: Type.Array(AudienceSchedule) }),
  handle: async ({ db }, { params }) => {
    const row = await findAudience(db, params.spaceId, params.id);
    const schedules = (await readSchedules(db, [row])).get(row.id) ?? [];
    return { audienceSchedules: schedules.map(presentSchedule) };
  },
});
