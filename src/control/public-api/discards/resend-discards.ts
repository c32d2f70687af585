import { TributaryError } from '../../../core/errors.ts';
import { limits } from '../../../core/limits.ts';
import { auditAct } from '../../access/audit-act.ts';
import { newestDiscards, scanDiscards } from '../../discards/scan-discards.ts';
import { decodePosition, encodePosition } from '../../discards/scan-position.ts';
import { sendAgain } from '../../discards/send-again.ts';
import { InputFailure } from '../../input-failure.ts';
import { Type } from '../../schemas/type.ts';
import { readOperation } from '../frame/operation.ts';
import { PaginationInput } from '../frame/pagination.ts';
import { Id, nullable } from '../frame/schema.ts';
import { discardFilterFields, readFilter } from './discard-filter.ts';

/**
 * One page of the list of discards, sent again: what a destination gave up for that destination alone, what was
 * refused before as if it were received now. No transaction is open meanwhile, so it is no ordinary write.
 */
export const resendDiscards = readOperation({
  operationId: 'resendDiscards',
  method: 'POST',
  path: '/discards/resend',
  tag: 'Tributary',
  summary: 'Sends discards again, each once; a page at a time, newest first',
  permission: 'write',
  on: { source: 'sourceId' },
  body: Type.Object({
    ids: Type.Optional(
      Type.Array(Id, { minItems: 1, maxItems: limits.redeliveredAtOnce, uniqueItems: true }),
    ),
    ...discardFilterFields,
    pagination: Type.Optional(PaginationInput),
  }),
  response: Type.Object({
    resent: Type.Array(Type.String()),
    /** Sent again by an earlier request. */
    alreadyResent: Type.Integer(),
    refused: Type.Array(
      Type.Object({ id: Type.String(), code: Type.String(), message: Type.String() }),
    ),
    pagination: Type.Object({ current: Type.String(), next: nullable('string') }),
  }),
  handle: async (context, { body }) => {
    const { redeliver, logs, clock } = context.environment;
    if (redeliver === undefined) {
      throw new TributaryError('not_implemented', 'This server sends nothing again');
    }
    const { ids, pagination = {}, ...fields } = body;
    const filter = { ...readFilter(fields), ...(ids !== undefined && { ids: new Set(ids) }) };
    if (Object.keys(filter).length === 0) {
      const message = 'Say which: "ids" or one of the filters of the list';
      throw new InputFailure([{ field: 'ids', message }]);
    }
    const { cursor, count = limits.pageCountDefault } = pagination;
    const now = clock.now();
    const begin = cursor === undefined ? newestDiscards(now) : decodePosition(cursor);
    const { found, next } = await scanDiscards(logs, filter, begin, count, now);
    const sent = await sendAgain(context, redeliver, found);
    if (sent.resent.length > 0) {
      await auditAct(context, {
        operation: 'resendDiscards',
        type: 'Discards Resent',
        after: { asked: body, count: sent.resent.length },
      });
    }
    const isAll =
      ids !== undefined && new Set(found.map(({ meta }) => meta.id)).size === ids.length;
    return {
      ...{ resent: [...sent.resent], alreadyResent: sent.alreadyResent },
      refused: [...sent.refused],
      pagination: {
        current: encodePosition(begin),
        next: next === undefined || isAll ? null : encodePosition(next),
      },
    };
  },
});
