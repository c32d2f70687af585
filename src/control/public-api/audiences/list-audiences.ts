import { audiencePage } from '../../audiences/audience-page.ts';
import { Type } from '../../schemas/type.ts';
import { readOperation } from '../frame/operation.ts';
import { PaginationInput, PaginationOutput, pageRequest } from '../frame/pagination.ts';
import { Id, oneOf } from '../frame/schema.ts';
import { AudienceInFull } from '../models/audience.ts';
import { presentAudiences } from './present-audience.ts';

export const listAudiences = readOperation({
  operationId: 'listAudiences',
  method: 'GET',
  path: '/spaces/{spaceId}/audiences',
  tag: 'Audiences',
  summary:
    'The audiences of a space, oldest first, or those with a text in name, key or definition',
  permission: 'read',
  on: { space: 'spaceId' },
  perMinute: 60,
  params: Type.Object({ spaceId: Id }),
  query: Type.Object({
    search: Type.Optional(
      Type.Object({
        type: oneOf(['DEFINITION', 'KEY', 'NAME']),
        query: Type.String({ minLength: 1, maxLength: 1_000 }),
      }),
    ),
    include: Type.Optional(oneOf(['schedules'])),
    pagination: Type.Optional(PaginationInput),
  }),
  response: Type.Object({ audiences: Type.Array(AudienceInFull), pagination: PaginationOutput }),
  handle: async ({ db }, { params, query }) => {
    const { search, include } = query;
    const page = await audiencePage(db, pageRequest(query), params.spaceId, search);
    const audiences = await presentAudiences(db, page.rows, include !== undefined);
    return { audiences, pagination: page.pagination };
  },
});
