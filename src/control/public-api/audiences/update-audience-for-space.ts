import { changeAudience } from '../../audiences/change-audience.ts';
import { findAudience } from '../../audiences/find-audience.ts';
import { Type } from '../../schemas/type.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id, nullable } from '../frame/schema.ts';
import { Audience, AudienceOptionsInput, ComputedQuery } from '../models/audience.ts';
import { audienceOptions } from './audience-options.ts';
import { presentAudience } from './present-audience.ts';

export const updateAudienceForSpace = writeOperation({
  operationId: 'updateAudienceForSpace',
  method: 'PATCH',
  path: '/spaces/{spaceId}/audiences/{id}',
  tag: 'Audiences',
  summary: 'Changes an audience; its key and its type stay',
  permission: 'write',
  on: { space: 'spaceId' },
  perMinute: 50,
  audit: { type: 'Audience Modified', resourceType: 'audience' },
  params: Type.Object({ spaceId: Id, id: Id }),
  body: Type.Object({
    enabled: Type.Optional(Type.Boolean()),
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
    description: Type.Optional(Type.String({ maxLength: 10_000 })),
    definition: Type.Optional(
      Type.Object({ query: ComputedQuery, targetEntity: Type.Optional(nullable('string')) }),
    ),
    options: Type.Optional(AudienceOptionsInput),
  }),
  response: Type.Object({ audience: Audience }),
  handle: async (context, { params, body }) => {
    const row = await findAudience(context.db, params.spaceId, params.id);
    const { definition, options, ...rest } = body;
    const changed = await changeAudience(context, row, {
      ...rest,
      ...definition,
      ...(options && { options: audienceOptions(options) }),
    });
    return {
      data: { audience: presentAudience(changed) },
      audited: {
        resourceId: row.id,
        resourceName: changed.name,
        before: { audience: presentAudience(row) },
      },
    };
  },
});
