import { Type } from '../../schemas/type.ts';
import { findTransformation } from '../../transformations/find-transformation.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id, StatusOutput, success } from '../frame/schema.ts';
import { presentTransformation } from './present-transformation.ts';

export const deleteTransformation = writeOperation({
  operationId: 'deleteTransformation',
  method: 'DELETE',
  path: '/transformations/{transformationId}',
  tag: 'Transformations',
  summary: 'Deletes a transformation',
  permission: 'write',
  on: 'tracking-plan',
  audit: { type: 'Transformation Deleted', resourceType: 'transformation' },
  params: Type.Object({ transformationId: Id }),
  response: StatusOutput,
  handle: async ({ db, environment }, { params }) => {
    const row = await findTransformation(db, params.transformationId);
    await db.deleteFrom('transformation').where('id', '=', row.id).execute();
    const before = { transformation: presentTransformation(environment, row) };
    return { data: success, audited: { resourceId: row.id, resourceName: row.name, before } };
  },
});
