import { findComputedTrait } from '../../computed-traits/find-computed-trait.ts';
import { Type } from '../../schemas/type.ts';
import { readOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { ComputedTrait } from '../models/computed-trait.ts';
import { presentComputedTrait } from './present-computed-trait.ts';

export const getComputedTrait = readOperation({
  operationId: 'getComputedTrait',
  method: 'GET',
  path: '/spaces/{spaceId}/computed-traits/{id}',
  tag: 'Computed Traits',
  summary: 'One computed trait',
  permission: 'read',
  on: { space: 'spaceId' },
  perMinute: 100,
  tiers: ['v1alpha'],
  params: Type.Object({ spaceId: Id, id: Id }),
  response: Type.Object({ computedTrait: ComputedTrait }),
  handle: async ({ db }, { params }) => {
    const row = await findComputedTrait(db, params.spaceId, params.id);
    return { computedTrait: presentComputedTrait(row) };
  },
});
