import { checkAlert } from '../../alerts/check-alert.ts';
import { type AlertRow, findAlert } from '../../alerts/find-alert.ts';
import { isMasked } from '../../catalog/masked.ts';
import type { Environment } from '../../environment.ts';
import { Type } from '../../schemas/type.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { Alert, alertChanges } from '../models/alert.ts';
import { presentAlert } from './present-alert.ts';

export const updateAlert = writeOperation({
  operationId: 'updateAlert',
  method: 'PATCH',
  path: '/alerts/{alertId}',
  tag: 'Tributary',
  summary: 'Changes an alert; what it watches stays',
  permission: 'write',
  on: 'workspace',
  audit: { type: 'Alert Modified', resourceType: 'alert' },
  params: Type.Object({ alertId: Id }),
  body: Type.Object(alertChanges),
  response: Type.Object({ alert: Alert }),
  handle: async ({ db, environment }, { params, body }) => {
    const row = await findAlert(db, params.alertId);
    const { below = row.below, above = row.above, webhookUrl } = body;
    const { metric, source_id: sourceId, destination_id: destinationId } = row;
    const isKept = webhookUrl === undefined || isMasked(webhookUrl);
    const address = isKept ? undefined : webhookUrl;
    checkAlert({ metric, sourceId, destinationId, below, above, webhookUrl: address });
    const { name = row.name, windowMinutes = row.window_minutes, enabled } = body;
    await db
      .updateTable('alert')
      .set({
        ...{ name, below, above, window_minutes: windowMinutes },
        ...(enabled !== undefined && { enabled: enabled ? 1 : 0 }),
        ...(address !== undefined && webhook(environment, row, address)),
      })
      .where('id', '=', row.id)
      .execute();
    return {
      data: { alert: presentAlert(environment, await findAlert(db, row.id)) },
      audited: {
        resourceId: row.id,
        resourceName: name,
        before: { alert: presentAlert(environment, row) },
      },
    };
  },
});

/** What the last address has not taken is not for the next one. */
function webhook({ secrets }: Environment, { id }: AlertRow, url: string | null) {
  return {
    webhook_url: url === null ? null : secrets.seal(url, id),
    ...{ pending: '[]', last_error: null },
  };
}
