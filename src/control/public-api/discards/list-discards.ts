import { limits } from '../../../core/limits.ts';
import { newestDiscards, scanDiscards } from '../../discards/scan-discards.ts';
import { decodePosition, encodePosition } from '../../discards/scan-position.ts';
import { Type } from '../../schemas/type.ts';
import { readOperation } from '../frame/operation.ts';
import { PaginationInput } from '../frame/pagination.ts';
import { nullable } from '../frame/schema.ts';
import { Discard } from '../models/discard.ts';
import { discardFilterFields, readFilter } from './discard-filter.ts';
import { presentDiscards } from './present-discard.ts';

export const listDiscards = readOperation({
  operationId: 'listDiscards',
  method: 'GET',
  path: '/discards',
  tag: 'Tributary',
  summary: 'What was refused, dropped or given up, newest first; a page may be short of its count',
  permission: 'read',
  on: { source: 'sourceId' },
  query: Type.Object({ ...discardFilterFields, pagination: Type.Optional(PaginationInput) }),
  response: Type.Object({
    discards: Type.Array(Discard),
    pagination: Type.Object({ current: Type.String(), next: nullable('string') }),
  }),
  handle: async ({ db, environment }, { query }) => {
    const { cursor, count = limits.pageCountDefault } = query.pagination ?? {};
    const filter = readFilter(query);
    const now = environment.clock.now();
    const begin = cursor === undefined ? newestDiscards(now) : decodePosition(cursor);
    const { found, next } = await scanDiscards(environment.logs, filter, begin, count, now);
    return {
      discards: await presentDiscards(db, found),
      pagination: {
        current: encodePosition(begin),
        next: next === undefined ? null : encodePosition(next),
      },
    };
  },
});
