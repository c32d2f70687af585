import { findDestination } from '../../destinations/find-destination.ts';
import { replaceBrowserSubscriptions } from '../../destinations/subscriptions/browser-subscriptions.ts';
import { InputFailure } from '../../input-failure.ts';
import { Type } from '../../schemas/type.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import {
  DeviceMode,
  deviceKind,
  presentDeviceMode,
  Subscription,
  subscriptionRows,
} from './device-mode.ts';

export const updateDeviceMode = writeOperation({
  operationId: 'updateDeviceMode',
  method: 'PATCH',
  path: '/destinations/{destinationId}/device-mode',
  tag: 'Tributary',
  summary:
    'Sets the subscriptions of a destination in the browser; an empty list goes back to its presets',
  permission: 'write',
  on: { destination: 'destinationId' },
  audit: { type: 'Integration Modified', resourceType: 'destination' },
  params: Type.Object({ destinationId: Id }),
  body: Type.Object({ subscriptions: Type.Array(Subscription, { maxItems: 100 }) }),
  response: Type.Object({ deviceMode: DeviceMode }),
  handle: async ({ db, environment }, { params, body: { subscriptions: given } }) => {
    const row = await findDestination(db, params.destinationId);
    const { catalog } = environment;
    const kind = deviceKind(catalog, row);
    const before = presentDeviceMode(catalog, row, await subscriptionRows(db, row.id));
    const actions = kind.actions.map(({ slug }) => slug);
    const problems = given.flatMap(({ partnerAction }, index) => {
      const field = `subscriptions.${index}.partnerAction`;
      const message = `"${field}" must be one of [${actions.join(', ')}]`;
      return actions.includes(partnerAction) ? [] : [{ field, message }];
    });
    if (problems.length > 0) throw new InputFailure(problems);
    const next = given.length === 0 ? kind.presets : given;
    await replaceBrowserSubscriptions(db, environment, row, kind, next);
    const changed = await findDestination(db, row.id);
    const rows = await subscriptionRows(db, row.id);
    return {
      data: { deviceMode: presentDeviceMode(catalog, changed, rows) },
      audited: {
        resourceId: row.id,
        resourceName: row.name ?? kind.name,
        before: { deviceMode: before },
      },
    };
  },
});
