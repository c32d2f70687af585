import { Type } from '../../schemas/type.ts';
import { nullable, oneOf } from '../frame/schema.ts';

/** A temporary second cursor of a destination. Ours: Segment has no such resource. */
export const Replay = Type.Object({
  id: Type.String(),
  destinationId: Type.String(),
  /** Events received at or after. */
  from: Type.String(),
  /** Events received before. */
  to: Type.String(),
  status: oneOf(['RUNNING', 'FINISHED', 'CANCELLED']),
  createdAt: Type.String(),
  endedAt: nullable('string'),
  delivered: Type.Integer(),
  discarded: Type.Integer(),
  /** Passed over: the `integrations` object excludes the destination. */
  filtered: Type.Integer(),
});
