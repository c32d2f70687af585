import { findRegulation } from '../../privacy/find-regulation.ts';
import { Type } from '../../schemas/type.ts';
import { readOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { Regulation } from '../models/regulation.ts';
import { presentRegulation } from './present-regulation.ts';
import { requirePrivacy } from './require-privacy.ts';

export const getRegulation = readOperation({
  operationId: 'getRegulation',
  method: 'GET',
  path: '/regulations/{regulateId}',
  tag: 'Deletion and Suppression',
  summary: 'How far a regulation is, and at which destination',
  permission: 'read',
  on: 'privacy',
  params: Type.Object({ regulateId: Id }),
  response: Type.Object({ regulation: Regulation }),
  handle: async (context, { params }) => {
    await requirePrivacy(context);
    const row = await findRegulation(context.db, params.regulateId);
    return { regulation: await presentRegulation(context, row) };
  },
});
