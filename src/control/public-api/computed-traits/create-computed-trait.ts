import type { JsonObject } from '../../../core/json.ts';
import { makeComputedTrait } from '../../computed-traits/make-computed-trait.ts';
import { type Static, Type } from '../../schemas/type.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { ComputedTrait, TraitDefinition, TraitOptions } from '../models/computed-trait.ts';
import { presentComputedTrait } from './present-computed-trait.ts';

export const createComputedTrait = writeOperation({
  operationId: 'createComputedTrait',
  method: 'POST',
  path: '/spaces/{spaceId}/computed-traits',
  tag: 'Computed Traits',
  summary: 'Makes a computed trait in a space; nobody computes it yet, as its status says',
  permission: 'write',
  on: { space: 'spaceId' },
  perMinute: 10,
  tiers: ['v1alpha'],
  audit: { type: 'Computed Trait Created', resourceType: 'computed-trait' },
  params: Type.Object({ spaceId: Id }),
  body: Type.Object({
    name: Type.String({ minLength: 1, maxLength: 255 }),
    enabled: Type.Optional(Type.Boolean()),
    description: Type.Optional(Type.String({ maxLength: 10_000 })),
    definition: TraitDefinition,
    options: Type.Optional(TraitOptions),
  }),
  response: Type.Object({ computedTrait: ComputedTrait }),
  handle: async (context, { params, body }) => {
    const { name, enabled, description, definition, options } = body;
    const row = await makeComputedTrait(context, params.spaceId, {
      name,
      definition: { type: definition.type, query: definition.query },
      ...(enabled !== undefined && { enabled }),
      ...(description !== undefined && { description }),
      ...(options !== undefined && { options: traitOptions(options) }),
    });
    return {
      data: { computedTrait: presentComputedTrait(row) },
      audited: { resourceId: row.id, resourceName: row.name },
    };
  },
});

/** What is kept of options: a client may send more. */
function traitOptions(given: Static<typeof TraitOptions>): JsonObject {
  const { includeHistoricalData, includeAnonymousUsers, backfillDurationDays } = given;
  return {
    ...(includeHistoricalData !== undefined && { includeHistoricalData }),
    ...(includeAnonymousUsers !== undefined && { includeAnonymousUsers }),
    ...(backfillDurationDays !== undefined && { backfillDurationDays }),
  };
}
