import { limits } from '../../../core/limits.ts';
import { findDestination } from '../../destinations/find-destination.ts';
import { Type } from '../../schemas/type.ts';
import { isoTime } from '../frame/iso-time.ts';
import { readOperation } from '../frame/operation.ts';
import { FreeObject, Id } from '../frame/schema.ts';

const DeliveryFailure = Type.Object({
  id: Type.String(),
  at: Type.String(),
  messageId: Type.String(),
  /** Made in all. */
  attempts: Type.Integer(),
  /** Discard code; absent while it was to be repeated. */
  code: Type.Optional(Type.String()),
  message: Type.String(),
  /** `{method, url, requestHeaders, requestBody, status, answerHeaders, answerBody, failure, durationMs}`. */
  exchanges: Type.Array(FreeObject),
});

export const listDeliveryFailures = readOperation({
  operationId: 'listDeliveryFailures',
  method: 'GET',
  path: '/destinations/{destinationId}/delivery-failures',
  tag: 'Tributary',
  summary:
    'The last failed attempts of a destination with their requests and answers, newest first',
  permission: 'read',
  on: { destination: 'destinationId' },
  params: Type.Object({ destinationId: Id }),
  response: Type.Object({ failures: Type.Array(DeliveryFailure) }),
  handle: async ({ db, environment }, { params }) => {
    const { id } = await findDestination(db, params.destinationId);
    const rows = await environment
      .work()
      ?.db.selectFrom('delivery_failure')
      .selectAll()
      .where('connection', '=', id)
      .orderBy('id', 'desc')
      .limit(limits.failuresKept)
      .execute();
    return {
      failures: (rows ?? []).map((row) => ({
        id: row.id,
        at: isoTime(row.at),
        messageId: row.message_id,
        attempts: row.attempts,
        ...(row.code !== '' && { code: row.code }),
        message: row.message,
        exchanges: JSON.parse(row.exchanges),
      })),
    };
  },
});
