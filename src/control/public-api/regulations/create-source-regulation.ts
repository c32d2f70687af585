import { makeRegulation } from '../../privacy/make-regulation.ts';
import { sourceRegulationTypes } from '../../privacy/regulation-types.ts';
import { Type } from '../../schemas/type.ts';
import { findSource } from '../../sources/find-source.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id, oneOf } from '../frame/schema.ts';
import { SubjectIds } from '../models/regulation.ts';
import { auditedRegulation } from './audited-regulation.ts';

export const createSourceRegulation = writeOperation({
  operationId: 'createSourceRegulation',
  method: 'POST',
  path: '/regulations/sources/{sourceId}',
  tag: 'Deletion and Suppression',
  summary: 'Suppresses or deletes end users in one source; what is deleted: see the guide',
  permission: 'write',
  on: 'privacy',
  perMinute: 600,
  audit: { type: 'Regulation Created', resourceType: 'regulation' },
  params: Type.Object({ sourceId: Id }),
  body: Type.Object({
    regulationType: oneOf(sourceRegulationTypes),
    subjectType: oneOf(['ANONYMOUS_ID', 'USER_ID']),
    subjectIds: SubjectIds,
  }),
  response: Type.Object({ regulateId: Type.String() }),
  handle: async (context, { params, body }) => {
    const { id: sourceId } = await findSource(context.db, params.sourceId);
    const { regulationType: type, subjectType, subjectIds } = body;
    const given = { scope: 'SOURCE', sourceId, type, subjectType, subjectIds } as const;
    return auditedRegulation(await makeRegulation(context, given));
  },
});
