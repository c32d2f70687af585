import { findComputedTrait } from '../../computed-traits/find-computed-trait.ts';
import { Type } from '../../schemas/type.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id, StatusOutput, success } from '../frame/schema.ts';
import { presentComputedTrait } from './present-computed-trait.ts';

export const removeComputedTraitFromSpace = writeOperation({
  operationId: 'removeComputedTraitFromSpace',
  method: 'DELETE',
  path: '/spaces/{spaceId}/computed-traits/{id}',
  tag: 'Computed Traits',
  summary: 'Deletes a computed trait',
  permission: 'write',
  on: { space: 'spaceId' },
  perMinute: 20,
  tiers: ['v1alpha'],
  audit: { type: 'Computed Trait Deleted', resourceType: 'computed-trait' },
  params: Type.Object({ spaceId: Id, id: Id }),
  response: StatusOutput,
  handle: async ({ db }, { params }) => {
    const row = await findComputedTrait(db, params.spaceId, params.id);
    await db.deleteFrom('computed_trait').where('id', '=', row.id).execute();
    return {
      data: success,
      audited: {
        resourceId: row.id,
        resourceName: row.name,
        before: { computedTrait: presentComputedTrait(row) },
      },
    };
  },
});
