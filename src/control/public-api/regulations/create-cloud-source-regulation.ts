import { makeRegulation } from '../../privacy/make-regulation.ts';
import { regulationTypes } from '../../privacy/regulation-types.ts';
import { Type } from '../../schemas/type.ts';
import { findSource } from '../../sources/find-source.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id, oneOf } from '../frame/schema.ts';
import { SubjectIds } from '../models/regulation.ts';
import { auditedRegulation } from './audited-regulation.ts';

export const createCloudSourceRegulation = writeOperation({
  operationId: 'createCloudSourceRegulation',
  method: 'POST',
  path: '/regulations/cloudsources/{sourceId}',
  tag: 'Deletion and Suppression',
  summary:
    'Takes down what is asked for objects of a cloud source; its status is NOT_SUPPORTED here',
  permission: 'write',
  on: 'privacy',
  perMinute: 600,
  audit: { type: 'Regulation Created', resourceType: 'regulation' },
  params: Type.Object({ sourceId: Id }),
  body: Type.Object({
    regulationType: oneOf(regulationTypes),
    subjectType: oneOf(['OBJECT_ID']),
    subjectIds: SubjectIds,
    collection: Type.String({ minLength: 1, maxLength: 255 }),
  }),
  response: Type.Object({ regulateId: Type.String() }),
  handle: async (context, { params, body }) => {
    const { id: sourceId } = await findSource(context.db, params.sourceId);
    const { regulationType: type, subjectType, subjectIds, collection } = body;
    const subjects = { type, subjectType, subjectIds, collection };
    const given = { scope: 'CLOUD_SOURCE', sourceId, ...subjects } as const;
    return auditedRegulation(await makeRegulation(context, given));
  },
});
