import { deleteLabel as removeLabel } from '../../labels/delete-label.ts';
import { Type } from '../../schemas/type.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id, StatusOutput, success } from '../frame/schema.ts';
import { presentLabel } from './present-label.ts';

export const deleteLabel = writeOperation({
  operationId: 'deleteLabel',
  method: 'DELETE',
  path: '/labels/{key}/{value}',
  tag: 'Labels',
  summary: 'Deletes a label; not while a resource or a role has it',
  permission: 'write',
  on: 'workspace',
  perMinute: 60,
  audit: { type: 'Label Deleted', resourceType: 'label' },
  params: Type.Object({ key: Id, value: Id }),
  response: StatusOutput,
  handle: async (context, { params }) => {
    const row = await removeLabel(context, params);
    const name = `${row.key}:${row.value}`.slice(0, 255);
    return {
      data: success,
      audited: { resourceId: name, resourceName: name, before: { label: presentLabel(row) } },
    };
  },
});
