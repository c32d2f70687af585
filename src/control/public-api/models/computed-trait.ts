import { Type } from '../../schemas/type.ts';
import { oneOf } from '../frame/schema.ts';
import { ComputedQuery } from './audience.ts';

export const TraitDefinition = Type.Object({
  type: oneOf(['ACCOUNTS', 'USERS']),
  query: ComputedQuery,
});

export const TraitOptions = Type.Object({
  includeHistoricalData: Type.Optional(Type.Boolean()),
  includeAnonymousUsers: Type.Optional(Type.Boolean()),
  backfillDurationDays: Type.Optional(Type.Number({ minimum: 0 })),
});

export const ComputedTrait = Type.Object({
  id: Type.String(),
  spaceId: Type.String(),
  name: Type.String(),
  description: Type.Optional(Type.String()),
  key: Type.String(),
  enabled: Type.Boolean(),
  definition: Type.Object({ type: oneOf(['ACCOUNTS', 'USERS']), query: Type.String() }),
  /** `NOT_COMPUTED`: it is kept, and nobody computes it yet; `DISABLED`. */
  status: oneOf(['NOT_COMPUTED', 'DISABLED']),
  createdBy: Type.String(),
  updatedBy: Type.String(),
  createdAt: Type.String(),
  updatedAt: Type.String(),
  options: TraitOptions,
});
