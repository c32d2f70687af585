import { changeComputedTrait } from '../../computed-traits/change-computed-trait.ts';
import { findComputedTrait } from '../../computed-traits/find-computed-trait.ts';
import { Type } from '../../schemas/type.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { ComputedTrait, TraitDefinition } from '../models/computed-trait.ts';
import { presentComputedTrait } from './present-computed-trait.ts';

export const updateComputedTraitForSpace = writeOperation({
  operationId: 'updateComputedTraitForSpace',
  method: 'PATCH',
  path: '/spaces/{spaceId}/computed-traits/{id}',
  tag: 'Computed Traits',
  summary: 'Changes a computed trait; its key stays',
  permission: 'write',
  on: { space: 'spaceId' },
  perMinute: 10,
  tiers: ['v1alpha'],
  audit: { type: 'Computed Trait Modified', resourceType: 'computed-trait' },
  params: Type.Object({ spaceId: Id, id: Id }),
  body: Type.Object({
    enabled: Type.Optional(Type.Boolean()),
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
    description: Type.Optional(Type.String({ maxLength: 10_000 })),
    definition: Type.Optional(TraitDefinition),
  }),
  response: Type.Object({ computedTrait: ComputedTrait }),
  handle: async (context, { params, body }) => {
    const row = await findComputedTrait(context.db, params.spaceId, params.id);
    const changed = await changeComputedTrait(context, row, body);
    return {
      data: { computedTrait: presentComputedTrait(changed) },
      audited: {
        resourceId: row.id,
        resourceName: changed.name,
        before: { computedTrait: presentComputedTrait(row) },
      },
    };
  },
});
