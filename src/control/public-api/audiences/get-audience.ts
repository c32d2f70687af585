import assert from 'node:assert/strict';
import { findAudience } from '../../audiences/find-audience.ts';
import { Type } from '../../schemas/type.ts';
import { readOperation } from '../frame/operation.ts';
import { Id, oneOf } from '../frame/schema.ts';
import { AudienceInFull } from '../models/audience.ts';
import { presentAudiences } from './present-audience.ts';

export const getAudience = readOperation({
  operationId: 'getAudience',
  method: 'GET',
  path: '/spaces/{spaceId}/audiences/{id}',
  tag: 'Audiences',
  summary: 'One audience',
  permission: 'read',
  on: { space: 'spaceId' },
  perMinute: 100,
  params: Type.Object({ spaceId: Id, id: Id }),
  query: Type.Object({ include: Type.Optional(oneOf(['schedules'])) }),
  response: Type.Object({ audience: AudienceInFull }),
  handle: async ({ db }, { params, query }) => {
    const row = await findAudience(db, params.spaceId, params.id);
    const [audience] = await presentAudiences(db, [row], query.include !== undefined);
    assert(audience !== undefined, 'one row is one audience');
    return { audience };
  },
});
