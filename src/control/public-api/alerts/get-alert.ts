import { findAlert } from '../../alerts/find-alert.ts';
import { Type } from '../../schemas/type.ts';
import { readOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { Alert } from '../models/alert.ts';
import { presentAlert } from './present-alert.ts';

export const getAlert = readOperation({
  operationId: 'getAlert',
  method: 'GET',
  path: '/alerts/{alertId}',
  tag: 'Tributary',
  summary: 'One alert, and what was measured last',
  permission: 'read',
  on: 'workspace',
  params: Type.Object({ alertId: Id }),
  response: Type.Object({ alert: Alert }),
  handle: async ({ db, environment }, { params }) => ({
    alert: presentAlert(environment, await findAlert(db, params.alertId)),
  }),
});
