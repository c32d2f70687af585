import { findAlert } from '../../alerts/find-alert.ts';
import { Type } from '../../schemas/type.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id, StatusOutput, success } from '../frame/schema.ts';
import { presentAlert } from './present-alert.ts';

export const deleteAlert = writeOperation({
  operationId: 'deleteAlert',
  method: 'DELETE',
  path: '/alerts/{alertId}',
  tag: 'Tributary',
  summary: 'Deletes an alert; nothing more is told of it',
  permission: 'write',
  on: 'workspace',
  audit: { type: 'Alert Deleted', resourceType: 'alert' },
  params: Type.Object({ alertId: Id }),
  response: StatusOutput,
  handle: async ({ db, environment }, { params }) => {
    const row = await findAlert(db, params.alertId);
    await db.deleteFrom('alert').where('id', '=', row.id).execute();
    const before = { alert: presentAlert(environment, row) };
    return { data: success, audited: { resourceId: row.id, resourceName: row.name, before } };
  },
});
