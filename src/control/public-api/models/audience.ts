import { limits } from '../../../core/limits.ts';
import { Type } from '../../schemas/type.ts';
import { nullable, nullableObject, oneOf } from '../frame/schema.ts';

export const AudienceType = oneOf(['ACCOUNTS', 'LINKED', 'USERS']);

/** A query as it is given. */
export const ComputedQuery = Type.String({ minLength: 1, maxLength: limits.computedQueryLength });

export const AudienceOptionsInput = Type.Object({
  includeHistoricalData: Type.Optional(Type.Boolean()),
  filterByExternalIds: Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: 255 }), { maxItems: 100 }),
  ),
  backfillEventDataDays: Type.Optional(Type.Number({ minimum: 0 })),
});

export const AudienceSchedule = Type.Object({
  id: Type.String(),
  strategy: oneOf(['PERIODIC', 'SPECIFIC_DAYS']),
  /** `{interval}`, or `{days, hours, timezone}`. */
  config: nullableObject,
});

export const AudienceScheduleInput = Type.Object({
  strategy: oneOf(['PERIODIC', 'SPECIFIC_DAYS']),
  config: nullableObject,
});

export const Audience = Type.Object({
  id: Type.String(),
  spaceId: Type.String(),
  name: Type.String(),
  description: Type.Optional(Type.String()),
  key: Type.String(),
  enabled: Type.Boolean(),
  definition: Type.Object({
    query: Type.String(),
    targetEntity: Type.Optional(nullable('string')),
  }),
  /** `NOT_COMPUTED`: it is kept, and nobody computes it yet; `DISABLED`. */
  status: oneOf(['NOT_COMPUTED', 'DISABLED']),
  createdBy: Type.String(),
  updatedBy: Type.String(),
  createdAt: Type.String(),
  updatedAt: Type.String(),
  audienceType: AudienceType,
  options: Type.Object({
    filterByExternalIds: Type.Array(Type.String()),
    includeHistoricalData: Type.Optional(Type.Boolean()),
    backfillEventDataDays: Type.Optional(Type.Number()),
  }),
});

/** As it is shown when it is only looked at. */
export const AudienceInFull = Type.Object({
  ...Audience.properties,
  computeCadence: Type.Object({ type: oneOf(['BATCH', 'REALTIME']) }),
  /** Only where they are asked for. */
  schedules: Type.Optional(Type.Array(AudienceSchedule)),
});
