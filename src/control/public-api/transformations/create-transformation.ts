import { InputFailure } from '../../input-failure.ts';
import { Type } from '../../schemas/type.ts';
import { makeTransformation } from '../../transformations/make-transformation.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { Condition } from '../models/filter.ts';
import { Transformation, Work } from '../models/transformation.ts';
import { presentTransformation } from './present-transformation.ts';
import { workOf } from './work-of.ts';

export const createTransformation = writeOperation({
  operationId: 'createTransformation',
  method: 'POST',
  path: '/transformations',
  tag: 'Transformations',
  summary: 'Makes a transformation of a source, or of a kind of destination at it',
  permission: 'write',
  on: 'tracking-plan',
  audit: { type: 'Transformation Created', resourceType: 'transformation' },
  body: Type.Object({
    name: Type.String({ minLength: 1, maxLength: 255 }),
    sourceId: Id,
    destinationMetadataId: Type.Optional(Type.String({ maxLength: 255 })),
    enabled: Type.Optional(Type.Boolean()),
    // Of seed 004 it may be left out, and is every event then.
    if: Type.Optional(Condition),
    ...Work.properties,
  }),
  response: Type.Object({ transformation: Transformation }),
  handle: async (context, { body }) => {
    const condition = body.if ?? (context.request.answers === 'seed' ? 'all' : undefined);
    if (condition === undefined) {
      throw new InputFailure([{ field: 'if', message: '"if" is required' }]);
    }
    const row = await makeTransformation(context, { ...body, if: condition, work: workOf(body) });
    return {
      data: { transformation: presentTransformation(context.environment, row) },
      audited: { resourceId: row.id, resourceName: row.name },
    };
  },
});
