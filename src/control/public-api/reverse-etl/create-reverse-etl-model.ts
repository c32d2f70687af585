import { makeModel } from '../../reverse-etl/make-model.ts';
import { Type } from '../../schemas/type.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { presentModel, ReverseEtlModel } from '../models/reverse-etl.ts';

export const createReverseEtlModel = writeOperation({
  operationId: 'createReverseEtlModel',
  method: 'POST',
  path: '/reverse-etl-models',
  tag: 'Reverse ETL',
  summary: 'Makes a model: the rows that a query finds in a warehouse',
  permission: 'write',
  on: 'entity',
  tiers: ['v1alpha'],
  status: 201,
  audit: { type: 'Model Created', resourceType: 'reverse-etl-model' },
  body: Type.Object({
    sourceId: Id,
    name: Type.String({ minLength: 1, maxLength: 255 }),
    description: Type.Optional(Type.String({ maxLength: 10_000 })),
    enabled: Type.Optional(Type.Boolean()),
    query: Type.String({ minLength: 1, maxLength: 100_000 }),
    queryIdentifierColumn: Type.String({ minLength: 1, maxLength: 255 }),
  }),
  response: Type.Object({ reverseEtlModel: ReverseEtlModel }),
  handle: async (context, { body }) => {
    const row = await makeModel(context, body);
    return {
      data: { reverseEtlModel: presentModel(row) },
      audited: { resourceId: row.id, resourceName: row.name },
    };
  },
});
