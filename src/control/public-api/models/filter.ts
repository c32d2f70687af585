import { Type } from '../../schemas/type.ts';
import { FreeObject, oneOf } from '../frame/schema.ts';

const FilterAction = Type.Object({
  type: oneOf(['ALLOW_PROPERTIES', 'DROP', 'DROP_PROPERTIES', 'SAMPLE']),
  fields: Type.Optional(FreeObject),
  percent: Type.Optional(Type.Number()),
  path: Type.Optional(Type.String()),
});

export const Filter = Type.Object({
  id: Type.String(),
  sourceId: Type.String(),
  destinationId: Type.String(),
  if: Type.String(),
  actions: Type.Array(FilterAction),
  title: Type.String(),
  description: Type.Optional(Type.String()),
  enabled: Type.Boolean(),
  createdAt: Type.String(),
  updatedAt: Type.String(),
});

/** FQL: how long it may be is said in bytes, with the rest of what is wrong with it. */
export const Condition = Type.String({ minLength: 1 });
export const FilterTitle = Type.String({ minLength: 1, maxLength: 64 });
export const FilterActions = Type.Array(FilterAction, { maxItems: 20 });
