import { regulationPage } from '../../privacy/regulation-page.ts';
import { regulationStatuses, regulationTypes } from '../../privacy/regulation-types.ts';
import { Type } from '../../schemas/type.ts';
import { readOperation } from '../frame/operation.ts';
import { PaginationInput, PaginationOutput, pageRequest } from '../frame/pagination.ts';
import { oneOf } from '../frame/schema.ts';
import { RegulationEntry } from '../models/regulation.ts';
import { presentEntry } from './present-regulation.ts';
import { requirePrivacy } from './require-privacy.ts';
import { seedRegulations } from './seed-regulations.ts';

export const listWorkspaceRegulations = readOperation({
  operationId: 'listWorkspaceRegulations',
  method: 'GET',
  path: '/regulations',
  tag: 'Deletion and Suppression',
  summary: 'The regulations of the whole workspace, oldest first',
  permission: 'read',
  on: 'privacy',
  query: Type.Object({
    status: Type.Optional(oneOf(regulationStatuses)),
    regulationTypes: Type.Optional(Type.Array(oneOf(regulationTypes))),
    pagination: Type.Optional(PaginationInput),
  }),
  response: Type.Object({
    regulations: Type.Array(RegulationEntry),
    pagination: PaginationOutput,
  }),
  seed: seedRegulations,
  handle: async (context, { query }) => {
    await requirePrivacy(context);
    const { status, regulationTypes: types } = query;
    const { rows, pagination } = await regulationPage(context.db, pageRequest(query), {
      ...(status !== undefined && { status }),
      ...(types !== undefined && { types }),
    });
    return { regulations: rows.map(presentEntry), pagination };
  },
});
