import { TributaryError } from '../../../core/errors.ts';
import type { Count } from '../../../core/usage/count-list.ts';
import { usageSpans } from '../../../core/usage/usage-spans.ts';
import type { ReadContext } from '../../context.ts';
import { findDestination } from '../../destinations/find-destination.ts';
import { InputFailure } from '../../input-failure.ts';
import { type TObject, Type } from '../../schemas/type.ts';
import { findSource } from '../../sources/find-source.ts';
import { groupingOf, groupPage } from '../../usage/group-page.ts';
import { type Dimension, groupUsage, type UsageFilter } from '../../usage/group-usage.ts';
import { type AnyGranularity, anyCase, type Windows } from '../../usage/usage-range.ts';
import { isoTime } from '../frame/iso-time.ts';
import { readOperation } from '../frame/operation.ts';
import { PaginationInput, PaginationOutput, pageRequest } from '../frame/pagination.ts';
import { oneOf } from '../frame/schema.ts';
import { rangeInput, rangeOf, Texts } from '../models/usage.ts';

/** How far an overview reaches (spec public-api §6). */
const windows: Windows = {
  MINUTE: { longest: 4 * usageSpans.hour.ms, back: 48 * usageSpans.hour.ms },
  HOUR: { longest: 14 * usageSpans.day.ms, back: 30 * usageSpans.day.ms },
  DAY: { longest: 30 * usageSpans.day.ms, back: 30 * usageSpans.day.ms },
};

const names = {
  eventName: Type.Optional(Texts),
  eventType: Type.Optional(Texts),
  appVersion: Type.Optional(Texts),
};
const reasons = { discardReason: Type.Optional(Texts), ...names };

/** What the parts of an overview may be cut down to. */
const filters = {
  received: Type.Object(names),
  source: Type.Object(reasons),
  destination: Type.Object({
    ...reasons,
    subscriptionId: Type.Optional(Texts),
    activationId: Type.Optional(Texts),
    audienceId: Type.Optional(Texts),
    spaceId: Type.Optional(Texts),
  }),
};

/** Deliveries are not told apart by these. */
const notCounted = ['subscriptionId', 'activationId', 'audienceId', 'spaceId'] as const;

const shared = {
  sourceId: Type.String(),
  ...rangeInput,
  // SDKs up to 47 write it small.
  granularity: oneOf(anyCase),
  groupBy: Type.Optional(Texts),
  pagination: Type.Optional(PaginationInput),
};

const OverviewOutput = Type.Object({
  total: Type.Number(),
  dataset: Type.Array(
    Type.Object({
      eventName: Type.Optional(Type.String()),
      appVersion: Type.Optional(Type.String()),
      eventType: Type.Optional(Type.String()),
      discardReason: Type.Optional(Type.String()),
      total: Type.Number(),
      series: Type.Array(
        Type.Object({
          time: Type.String(),
          count: Type.Number(),
          retryCount: Type.Optional(Type.Number()),
        }),
      ),
      totalRetryCount: Type.Optional(Type.Number()),
    }),
  ),
  pagination: PaginationOutput,
});

interface Part {
  readonly operationId: string;
  readonly path: string;
  readonly summary: string;
  counts(count: Count): boolean;
  /** Absent: nothing is discarded there. */
  readonly hasReasons?: true;
  /** The attempts that it took are told. */
  readonly hasRetries?: true;
}

interface Asked {
  readonly sourceId: string;
  readonly startTime: string;
  readonly endTime: string;
  readonly granularity: AnyGranularity;
  readonly groupBy?: readonly string[];
  readonly pagination?: { count?: number; cursor?: string };
}

/** A part that a source's events pass before they go to destinations. */
export function sourceOverview(part: Part) {
  const filter: TObject = part.hasReasons ? filters.source : filters.received;
  return readOperation({
    ...declared(part),
    query: Type.Object({ ...shared, filter: Type.Optional(filter) }),
    handle: async (context, { query }) => {
      await findSource(context.db, query.sourceId);
      return overview(context, part, query, '', query.filter ?? {});
    },
  });
}

/** What became of a source's events at one of its destinations. */
export function destinationOverview(part: Part) {
  return readOperation({
    ...declared(part),
    query: Type.Object({
      ...shared,
      destinationConfigId: Type.String(),
      filter: Type.Optional(filters.destination),
    }),
    handle: async (context, { query }) => {
      const { destinationConfigId: id, filter = {} } = query;
      const destination = await findDestination(context.db, id);
      if (destination.source_id !== query.sourceId) {
        throw new TributaryError('not_found', `Destination with id '${id}' not found.`);
      }
      const unknown = notCounted.find((key) => filter[key] !== undefined);
      if (unknown !== undefined) {
        const field = `filter.${unknown}`;
        const message = `"${field}" is not allowed: deliveries are not counted by it`;
        throw new InputFailure([{ field, message }]);
      }
      return overview(context, part, query, id, filter);
    },
  });
}

function declared({ operationId, path, summary }: Part) {
  return {
    operationId,
    method: 'GET',
    path: `/delivery-overview/${path}`,
    tag: 'Delivery Overview',
    summary,
    permission: 'read',
    on: { source: 'sourceId' },
    tiers: ['v1beta'],
    response: OverviewOutput,
  } as const;
}

async function overview(
  context: ReadContext,
  { counts, hasReasons, hasRetries }: Part,
  { sourceId, pagination, groupBy = [], ...times }: Asked,
  destination: string,
  filter: UsageFilter,
) {
  const range = rangeOf(times, windows, context.environment.clock.now());
  const common: readonly Dimension[] = ['eventName', 'eventType', 'appVersion'];
  const groups = await groupUsage(context, {
    owner: { sources: [sourceId], destination },
    range,
    counts,
    filter,
    groupBy: groupingOf(groupBy, hasReasons ? [...common, 'discardReason'] : common),
  });
  const page = await groupPage(pageRequest({ ...(pagination && { pagination }) }), groups, range);
  return {
    total: groups.reduce((sum, { total }) => sum + total, 0),
    dataset: page.groups.map(({ labels, total, retries, points }) => ({
      ...labels,
      total,
      series: points.map(({ time, count, retries: repeated }) => ({
        time: isoTime(time),
        count,
        ...(hasRetries && { retryCount: repeated }),
      })),
      ...(hasRetries && { totalRetryCount: retries }),
    })),
    pagination: page.pagination,
  };
}
