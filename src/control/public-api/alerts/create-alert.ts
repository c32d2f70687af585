import { TributaryError } from '../../../core/errors.ts';
import { limits } from '../../../core/limits.ts';
import { checkAlert } from '../../alerts/check-alert.ts';
import { alertMetrics, findAlert } from '../../alerts/find-alert.ts';
import { findDestination } from '../../destinations/find-destination.ts';
import { newId } from '../../ids.ts';
import { Type } from '../../schemas/type.ts';
import { findSource } from '../../sources/find-source.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id, oneOf } from '../frame/schema.ts';
import { Alert, alertChanges } from '../models/alert.ts';
import { presentAlert } from './present-alert.ts';

export const createAlert = writeOperation({
  operationId: 'createAlert',
  method: 'POST',
  path: '/alerts',
  tag: 'Tributary',
  summary: 'Watches the success rate or lag of a destination, or the volume of a source',
  permission: 'write',
  on: 'workspace',
  status: 201,
  audit: { type: 'Alert Created', resourceType: 'alert' },
  body: Type.Object({
    ...alertChanges,
    name: Type.String({ minLength: 1, maxLength: 255 }),
    metric: oneOf(alertMetrics),
    sourceId: Type.Optional(Id),
    destinationId: Type.Optional(Id),
  }),
  response: Type.Object({ alert: Alert }),
  handle: async ({ db, environment, revision, now }, { body }) => {
    const { name, metric, webhookUrl = null, below = null, above = null } = body;
    const { sourceId = null, destinationId = null } = body;
    checkAlert({ metric, sourceId, destinationId, below, above, webhookUrl });
    if (sourceId !== null) await findSource(db, sourceId);
    if (destinationId !== null) await findDestination(db, destinationId);
    const { total } = await db
      .selectFrom('alert')
      .select(({ fn }) => fn.countAll().as('total'))
      .executeTakeFirstOrThrow();
    if (Number(total) >= limits.alerts) {
      throw new TributaryError('conflict', `There are ${limits.alerts} alerts already.`);
    }
    const id = newId(environment.random);
    await db
      .insertInto('alert')
      .values({
        ...{ id, position: revision, name, metric, below, above, created_at: now },
        enabled: body.enabled === false ? 0 : 1,
        source_id: sourceId,
        destination_id: destinationId,
        window_minutes: body.windowMinutes ?? 5,
        webhook_url: webhookUrl === null ? null : environment.secrets.seal(webhookUrl, id),
        ...{ status: 'OK', value: null, calm: 0, changed_at: null, evaluated_at: null },
        ...{ pending: '[]', last_error: null },
      })
      .execute();
    return {
      data: { alert: presentAlert(environment, await findAlert(db, id)) },
      audited: { resourceId: id, resourceName: name },
    };
  },
});
