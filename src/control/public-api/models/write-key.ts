import { Type } from '../../schemas/type.ts';
import { nullable, oneOf } from '../frame/schema.ts';

export const KeyMode = oneOf(['live', 'test']);

export const WriteKey = Type.Object({
  writeKey: Type.String(),
  /** Events by a `test` key are test events: in the tail, but only at destinations that take them. */
  mode: KeyMode,
  name: nullable('string'),
  createdAt: Type.String(),
  /** From this moment on it is refused; null is never. */
  expiresAt: nullable('string'),
  expired: Type.Boolean(),
  /** To the minute; null when no event ever came by it. */
  lastUsedAt: nullable('string'),
});
