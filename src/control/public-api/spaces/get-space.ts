import { Type } from '../../schemas/type.ts';
import { findSpace } from '../../spaces/find-space.ts';
import { readOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { Space } from '../models/space.ts';

export const getSpace = readOperation({
  operationId: 'getSpace',
  method: 'GET',
  path: '/spaces/{spaceId}',
  tag: 'Spaces',
  summary: 'One space',
  permission: 'read',
  on: { space: 'spaceId' },
  tiers: ['v1alpha'],
  params: Type.Object({ spaceId: Id }),
  response: Type.Object({ space: Space }),
  handle: async ({ db }, { params }) => {
    const { id, slug, name } = await findSpace(db, params.spaceId);
    return { space: { id, slug, name } };
  },
});
