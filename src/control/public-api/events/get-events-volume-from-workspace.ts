import { usageSpans } from '../../../core/usage/usage-spans.ts';
import { visibleIds } from '../../access/visible-ids.ts';
import { Type } from '../../schemas/type.ts';
import { groupingOf, groupPage } from '../../usage/group-page.ts';
import { groupUsage } from '../../usage/group-usage.ts';
import { granularities, type Windows } from '../../usage/usage-range.ts';
import { isoTime } from '../frame/iso-time.ts';
import { readOperation } from '../frame/operation.ts';
import { PaginationInput, PaginationOutput, pageRequest } from '../frame/pagination.ts';
import { oneOf } from '../frame/schema.ts';
import { rangeInput, rangeOf, Texts } from '../models/usage.ts';
import { sourcesById } from './sources-by-id.ts';

const path = '/events/volume';

/** As far as counts are kept. */
const windows: Windows = {
  MINUTE: { longest: 48 * usageSpans.hour.ms, back: 48 * usageSpans.hour.ms },
  HOUR: { longest: usageSpans.hour.keptMs, back: usageSpans.hour.keptMs },
  DAY: { longest: usageSpans.day.keptMs, back: usageSpans.day.keptMs },
};

const lists = {
  groupBy: Type.Optional(Texts),
  sourceId: Type.Optional(Texts),
  eventName: Type.Optional(Texts),
  eventType: Type.Optional(Texts),
  appVersion: Type.Optional(Texts),
};

export const getEventsVolumeFromWorkspace = readOperation({
  operationId: 'getEventsVolumeFromWorkspace',
  method: 'GET',
  path,
  tag: 'Events',
  summary: 'How many events came in, by minute, hour or day, in groups if asked for',
  permission: 'read',
  on: 'source',
  perMinute: 60,
  query: Type.Object({
    ...rangeInput,
    ...lists,
    pagination: Type.Optional(PaginationInput),
  }),
  response: Type.Object({
    path: Type.String(),
    query: Type.Object({
      workspaceId: Type.String(),
      granularity: oneOf(granularities),
      startTime: Type.String(),
      endTime: Type.String(),
      ...lists,
      limit: Type.Optional(Type.Number()),
    }),
    result: Type.Array(
      Type.Object({
        source: Type.Optional(
          Type.Object({
            id: Type.String(),
            name: Type.Optional(Type.String()),
            slug: Type.Optional(Type.String()),
          }),
        ),
        eventName: Type.Optional(Type.String()),
        eventType: Type.Optional(Type.String()),
        total: Type.Number(),
        series: Type.Array(Type.Object({ time: Type.String(), count: Type.Number() })),
      }),
    ),
    pagination: Type.Optional(PaginationOutput),
  }),
  handle: async (context, { query }) => {
    const { db, environment, principal } = context;
    const { pagination: page, ...asked } = query;
    const { eventName, eventType, appVersion, sourceId } = asked;
    const range = rangeOf(asked, windows, environment.clock.now());
    const allowed = ['source', 'eventName', 'eventType'] as const;
    const groupBy = groupingOf(asked.groupBy ?? [], allowed);
    const visible = await visibleIds(db, principal, 'source', 'SOURCE');
    const sources = sourceId?.filter((id) => visible?.includes(id) ?? true) ?? visible;
    const groups = await groupUsage(context, {
      owner: { sources, destination: '' },
      range,
      counts: ({ outcome }) => outcome === 'event',
      filter: { eventName, eventType, appVersion },
      groupBy,
    });
    const shown = await groupPage(
      pageRequest({ ...(page && { pagination: page }) }),
      groups,
      range,
    );
    const known = await sourcesById(
      db,
      shown.groups.flatMap(({ labels }) => labels.source ?? []),
    );
    return {
      path,
      query: { workspaceId: environment.workspace.id, ...asked },
      result: shown.groups.map(({ labels, total, points }) => ({
        ...(labels.source !== undefined && {
          source: known.get(labels.source) ?? { id: labels.source },
        }),
        ...(labels.eventName !== undefined && { eventName: labels.eventName }),
        ...(labels.eventType !== undefined && { eventType: labels.eventType }),
        total,
        series: points.map(({ time, count }) => ({ time: isoTime(time), count })),
      })),
      pagination: shown.pagination,
    };
  },
});
