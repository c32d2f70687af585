import { Type } from '../../schemas/type.ts';
import { changeTransformation } from '../../transformations/change-transformation.ts';
import { findTransformation } from '../../transformations/find-transformation.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { Condition } from '../models/filter.ts';
import { Transformation, Work } from '../models/transformation.ts';
import { presentTransformation } from './present-transformation.ts';
import { workOf } from './work-of.ts';

export const updateTransformation = writeOperation({
  operationId: 'updateTransformation',
  method: 'PATCH',
  path: '/transformations/{transformationId}',
  tag: 'Transformations',
  summary: 'Changes a transformation; lists are replaced as a whole',
  permission: 'write',
  on: 'tracking-plan',
  audit: { type: 'Transformation Updated', resourceType: 'transformation' },
  params: Type.Object({ transformationId: Id }),
  body: Type.Object({
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
    sourceId: Type.Optional(Id),
    destinationMetadataId: Type.Optional(Type.String({ maxLength: 255 })),
    enabled: Type.Optional(Type.Boolean()),
    if: Type.Optional(Condition),
    ...Work.properties,
  }),
  response: Type.Object({ transformation: Transformation }),
  handle: async (context, { params, body }) => {
    const { db, environment } = context;
    const row = await findTransformation(db, params.transformationId);
    const changed = await changeTransformation(context, row, { ...body, work: workOf(body) });
    return {
      data: { transformation: presentTransformation(environment, changed) },
      audited: {
        resourceId: row.id,
        resourceName: changed.name,
        before: { transformation: presentTransformation(environment, row) },
      },
    };
  },
});
