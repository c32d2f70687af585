import { findDestination } from '../../destinations/find-destination.ts';
import { Type } from '../../schemas/type.ts';
import { readOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { DeviceMode, presentDeviceMode, subscriptionRows } from './device-mode.ts';

export const getDeviceMode = readOperation({
  operationId: 'getDeviceMode',
  method: 'GET',
  path: '/destinations/{destinationId}/device-mode',
  tag: 'Tributary',
  summary: 'The script and the subscriptions of a destination that runs in the browser',
  permission: 'read',
  on: { destination: 'destinationId' },
  params: Type.Object({ destinationId: Id }),
  response: Type.Object({ deviceMode: DeviceMode }),
  handle: async ({ db, environment }, { params }) => {
    const row = await findDestination(db, params.destinationId);
    const rows = await subscriptionRows(db, row.id);
    return { deviceMode: presentDeviceMode(environment.catalog, row, rows) };
  },
});
