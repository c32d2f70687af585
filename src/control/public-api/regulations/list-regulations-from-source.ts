import { regulationPage } from '../../privacy/regulation-page.ts';
import { regulationStatuses, sourceRegulationTypes } from '../../privacy/regulation-types.ts';
import { Type } from '../../schemas/type.ts';
import { findSource } from '../../sources/find-source.ts';
import { readOperation } from '../frame/operation.ts';
import { PaginationInput, pageRequest } from '../frame/pagination.ts';
import { Id, oneOf } from '../frame/schema.ts';
import { RegulationEntry } from '../models/regulation.ts';
import { presentEntry } from './present-regulation.ts';
import { requirePrivacy } from './require-privacy.ts';

export const listRegulationsFromSource = readOperation({
  operationId: 'listRegulationsFromSource',
  method: 'GET',
  path: '/regulations/sources/{sourceId}',
  tag: 'Deletion and Suppression',
  summary: 'The regulations of one source, oldest first; the answer says not where the page stands',
  permission: 'read',
  on: 'privacy',
  params: Type.Object({ sourceId: Id }),
  query: Type.Object({
    status: Type.Optional(oneOf(regulationStatuses)),
    regulationTypes: Type.Optional(Type.Array(oneOf(sourceRegulationTypes))),
    pagination: Type.Optional(PaginationInput),
  }),
  response: Type.Object({ regulations: Type.Array(RegulationEntry) }),
  handle: async (context, { params, query }) => {
    await requirePrivacy(context);
    const { id } = await findSource(context.db, params.sourceId);
    const { status, regulationTypes: types } = query;
    const { rows } = await regulationPage(context.db, pageRequest(query), {
      sourceId: id,
      ...(status !== undefined && { status }),
      ...(types !== undefined && { types }),
    });
    return { regulations: rows.map(presentEntry) };
  },
});
