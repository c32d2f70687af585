import { limits } from '../../../core/limits.ts';
import { newestDiscards, scanDiscards } from '../../discards/scan-discards.ts';
import { decodePosition, encodePosition } from '../../discards/scan-position.ts';
import { Type } from '../../schemas/type.ts';
import { readOperation } from '../frame/operation.ts';
import { PaginationInput } from '../frame/pagination.ts';
import { Id, nullable, oneOf } from '../frame/schema.ts';
import { Discard, discardStages } from '../models/discard.ts';
import { type FoundDiscard, newestDiscards, scanDiscards } from './scan-discards.ts';
import { decodePosition, encodePosition } from './scan-position.ts';

export const listDiscards = readOperation({
  operationId: 'listDiscards',
  method: 'GET',
  path: '/discards',
  tag: 'Tributary',
  summary: 'What was refused, dropped or given up, newest first; a page may be short of its count',
  permission: 'read',
  on: { source: 'sourceId' },
  query: Type.Object({
    sourceId: Type.Optional(Id),
    destinationId: Type.Optional(Id),
    code: Type.Optional(Id),
    stage: Type.Optional(oneOf(discardStages)),
    from: Type.Optional(Type.String({ maxLength: 64 })),
    to: Type.Optional(Type.String({ maxLength: 64 })),
    pagination: Type.Optional(PaginationInput),
  }),
  response: Type.Object({
    discards: Type.Array(Discard),
    pagination: Type.Object({ current: Type.String(), next: nullable('string') }),
  }),
  handle: async ({ environment }, { query }) => {
    const { from, to, pagination = {}, ...exact } = query;
    const { cursor, count = limits.pageCountDefault } = pagination;
    const filter = {
      ...exact,
      ...(from === undefined ? {} : { from: parseIsoTime('from', from) }),
      ...(to === undefined ? {} : { to: parseIsoTime('to', to) }),
    };
    const now = environment.clock.now();
    const begin = cursor === undefined ? newestDiscards(now) : decodePosition(cursor);
    const { found, next } = await scanDiscards(environment.logs, filter, begin, count, now);
    return {
      discards: found.map(present),
      pagination: {
        current: encodePosition(begin),
        next: next === undefined ? null : encodePosition(next),
      },
    };
  },
});

function present({ source, meta, body }: FoundDiscard): Static<typeof Discard> {
  const { id, stage, code, message, field, messageId, type, event, attempts, count } = meta;
  return {
    id,
    sourceId: source,
    stage,
    code,
    message,
    at: isoTime(meta.t),
    ...(field !== undefined && { field }),
    ...(messageId !== undefined && { messageId }),
    ...(type !== undefined && { type }),
    ...(event !== undefined && { event }),
    ...(meta.destination !== undefined && { destinationId: meta.destination }),
    ...(attempts !== undefined && { attempts }),
    ...(count !== undefined && { count }),
    ...(body !== '' && { payload: payloadOf(maskWriteKeys(body)) }),
  };
}

function payloadOf(body: string): Json {
  try {
    return JSON.parse(body);
  } catch {
    // What was refused need not be JSON; it is shown as it came.
    return body;
  }
}
