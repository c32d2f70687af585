import { makeAudience } from '../../audiences/make-audience.ts';
import { Type } from '../../schemas/type.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id, nullable } from '../frame/schema.ts';
import { Audience, AudienceOptionsInput, AudienceType, ComputedQuery } from '../models/audience.ts';
import { audienceOptions } from './audience-options.ts';
import { presentAudience } from './present-audience.ts';

export const createAudience = writeOperation({
  operationId: 'createAudience',
  method: 'POST',
  path: '/spaces/{spaceId}/audiences',
  tag: 'Audiences',
  summary: 'Makes an audience in a space; nobody computes it yet, as its status says',
  permission: 'write',
  on: { space: 'spaceId' },
  perMinute: 50,
  audit: { type: 'Audience Created', resourceType: 'audience' },
  params: Type.Object({ spaceId: Id }),
  body: Type.Object({
    name: Type.String({ minLength: 1, maxLength: 255 }),
    enabled: Type.Optional(Type.Boolean()),
    description: Type.Optional(Type.String({ maxLength: 10_000 })),
    definition: Type.Object({
      query: ComputedQuery,
      targetEntity: Type.Optional(nullable('string')),
    }),
    audienceType: AudienceType,
    options: Type.Optional(AudienceOptionsInput),
  }),
  response: Type.Object({ audience: Audience }),
  handle: async (context, { params, body }) => {
    const { definition, audienceType: type } = body;
    const given = {
      ...{ name: body.name, type, query: definition.query },
      targetEntity: definition.targetEntity ?? null,
      ...(body.enabled !== undefined && { enabled: body.enabled }),
      ...(body.description !== undefined && { description: body.description }),
      ...(body.options && { options: audienceOptions(body.options) }),
    };
    const row = await makeAudience(context, params.spaceId, given);
    return {
      data: { audience: presentAudience(row) },
      audited: { resourceId: row.id, resourceName: row.name },
    };
  },
});
