import { limits } from '../../../core/limits.ts';
import { newestFirstPage } from '../../paging/newest-first-page.ts';
import { Type } from '../../schemas/type.ts';
import { isoTime, parseIsoTime } from '../frame/iso-time.ts';
import { readOperation } from '../frame/operation.ts';
import { PaginationInput, PaginationOutput, pageRequest } from '../frame/pagination.ts';

const AuditEvent = Type.Object({
  id: Type.String(),
  timestamp: Type.String(),
  /** What was done, e.g. `Source Created`. */
  type: Type.String(),
  /** `public-api-token/` and the first characters of the token's id, or `system`. */
  actor: Type.String(),
  /** Of the token's user. */
  actorEmail: Type.Optional(Type.String()),
  resourceId: Type.String(),
  resourceType: Type.String(),
  resourceName: Type.String(),
});

export const listAuditEvents = readOperation({
  operationId: 'listAuditEvents',
  method: 'GET',
  path: '/audit-events',
  tag: 'Audit Trail',
  summary: 'Every change of the last 90 days, newest first',
  permission: 'admin',
  on: 'access',
  query: Type.Object({
    /** ISO 8601; from this moment on. */
    startTime: Type.Optional(Type.String({ maxLength: 64 })),
    /** ISO 8601; before this moment. */
    endTime: Type.Optional(Type.String({ maxLength: 64 })),
    resourceId: Type.Optional(Type.String({ maxLength: 255 })),
    resourceType: Type.Optional(Type.String({ maxLength: 255 })),
    pagination: Type.Optional(PaginationInput),
  }),
  response: Type.Object({ events: Type.Array(AuditEvent), pagination: PaginationOutput }),
  handle: async ({ db, environment }, { query }) => {
    const { startTime, endTime, resourceId, resourceType } = query;
    const oldest = environment.clock.now() - limits.auditMs;
    const start = startTime === undefined ? oldest : parseIsoTime('startTime', startTime);
    const end = endTime === undefined ? undefined : parseIsoTime('endTime', endTime);
    let events = db
      .selectFrom('audit_event')
      .select(['id', 'position', 'at', 'type', 'actor', 'actor_email'])
      .select(['resource_id', 'resource_type', 'resource_name'])
      .where('at', '>=', Math.max(start, oldest));
    if (end !== undefined) events = events.where('at', '<', end);
    if (resourceId !== undefined) events = events.where('resource_id', '=', resourceId);
    if (resourceType !== undefined) {
      events = events.where('resource_type', '=', resourceType.toLowerCase());
    }
    const { rows, pagination } = await newestFirstPage(pageRequest(query), events);
    return {
      events: rows.map(({ row }) => ({
        id: row.id,
        timestamp: isoTime(Number(row.at)),
        type: row.type,
        actor: row.actor,
        ...(row.actor_email !== null && { actorEmail: row.actor_email }),
        resourceId: row.resource_id,
        resourceType: row.resource_type,
        resourceName: row.resource_name,
      })),
      pagination,
    };
  },
});
