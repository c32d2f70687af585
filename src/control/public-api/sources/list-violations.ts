import { Type } from '../../schemas/type.ts';
import { findSource } from '../../sources/find-source.ts';
import { readViolations } from '../../tracking-plans/read-violations.ts';
import { isoTime } from '../frame/iso-time.ts';
import { readOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';

const hourMs = 60 * 60 * 1_000;

/** One way in which events of one kind broke the tracking plan. */
const Violation = Type.Object({
  eventType: Type.String(),
  event: Type.Optional(Type.String()),
  type: Type.String(),
  field: Type.String(),
  description: Type.String(),
  count: Type.Integer(),
  lastAt: Type.String(),
  lastMessageId: Type.String(),
});

export const listViolations = readOperation({
  operationId: 'listViolations',
  method: 'GET',
  path: '/sources/{sourceId}/violations',
  tag: 'Tributary',
  summary:
    'How events of a source that passed broke its tracking plan in the last hours (24), the most frequent first; what was blocked is among the discards',
  permission: 'read',
  on: { source: 'sourceId' },
  params: Type.Object({ sourceId: Id }),
  query: Type.Object({ hours: Type.Optional(Type.Integer({ minimum: 1, maximum: 168 })) }),
  response: Type.Object({ violations: Type.Array(Violation), isComplete: Type.Boolean() }),
  handle: async ({ db, environment }, { params, query }) => {
    const { id } = await findSource(db, params.sourceId);
    const since = environment.clock.now() - (query.hours ?? 24) * hourMs;
    const { groups, isComplete } = await readViolations(environment.logs, id, since);
    return {
      violations: groups.map(({ lastAt, event, ...group }) => ({
        ...group,
        ...(event !== undefined && { event }),
        lastAt: isoTime(lastAt),
      })),
      isComplete,
    };
  },
});
