import { alertMetrics } from '../../alerts/find-alert.ts';
import { Type } from '../../schemas/type.ts';
import { nullable, oneOf } from '../frame/schema.ts';

/** Bounds that are watched. Ours: Segment's API has no such resource. */
export const Alert = Type.Object({
  id: Type.String(),
  name: Type.String(),
  enabled: Type.Boolean(),
  metric: oneOf(alertMetrics),
  sourceId: nullable('string'),
  destinationId: nullable('string'),
  below: nullable('number'),
  above: nullable('number'),
  windowMinutes: Type.Integer(),
  /** Masked: who knows it can often write to it. Null: the log alone. */
  webhookUrl: nullable('string'),
  status: oneOf(['OK', 'ALERTING']),
  /** Measured last; null while there was nothing to judge by. */
  value: nullable('number'),
  changedAt: nullable('string'),
  evaluatedAt: nullable('string'),
  /** Notices that the webhook has not taken. */
  pendingNotices: Type.Integer(),
  lastError: nullable('string'),
  createdAt: Type.String(),
});

const bound = Type.Unsafe<number | null>({ type: ['number', 'null'], minimum: 0 });

/** What can be changed of it. */
export const alertChanges = {
  name: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
  enabled: Type.Optional(Type.Boolean()),
  below: Type.Optional(bound),
  above: Type.Optional(bound),
  windowMinutes: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_440 })),
  /** As it is answered, masked, it stays. */
  webhookUrl: Type.Optional(
    Type.Unsafe<string | null>({ type: ['string', 'null'], maxLength: 2_000 }),
  ),
};
