import { makeRegulation } from '../../privacy/make-regulation.ts';
import { regulationTypes } from '../../privacy/regulation-types.ts';
import { Type } from '../../schemas/type.ts';
import { writeOperation } from '../frame/operation.ts';
import { oneOf } from '../frame/schema.ts';
import { SubjectIds } from '../models/regulation.ts';
import { auditedRegulation } from './audited-regulation.ts';

export const createWorkspaceRegulation = writeOperation({
  operationId: 'createWorkspaceRegulation',
  method: 'POST',
  path: '/regulations',
  tag: 'Deletion and Suppression',
  summary: 'Suppresses or deletes end users in all sources; what is deleted: see the guide',
  permission: 'write',
  on: 'privacy',
  perMinute: 600,
  audit: { type: 'Regulation Created', resourceType: 'regulation' },
  body: Type.Object({
    /** The last is another name of `SUPPRESS_WITH_DELETE`. */
    regulationType: oneOf([...regulationTypes, 'SUPPRESS_AND_DELETE']),
    subjectType: oneOf(['OBJECT_ID', 'USER_ID']),
    subjectIds: SubjectIds,
  }),
  response: Type.Object({ regulateId: Type.String() }),
  handle: async (context, { body }) => {
    const { regulationType, subjectType, subjectIds } = body;
    const type = regulationType === 'SUPPRESS_AND_DELETE' ? 'SUPPRESS_WITH_DELETE' : regulationType;
    const given = { scope: 'WORKSPACE', sourceId: null, type, subjectType, subjectIds } as const;
    return auditedRegulation(await makeRegulation(context, given));
  },
});
