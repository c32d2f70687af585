import { Type } from '../../schemas/type.ts';
import { AnyJson, nullable, oneOf } from '../frame/schema.ts';

export const CatalogStatus = oneOf([
  'DEPRECATED',
  'PRIVATE_BETA',
  'PRIVATE_BUILDING',
  'PRIVATE_SUBMITTED',
  'PUBLIC',
  'PUBLIC_BETA',
  'UNAVAILABLE',
]);

export const Logos = Type.Object({
  default: Type.String(),
  mark: Type.Optional(nullable('string')),
  alt: Type.Optional(nullable('string')),
});

/** One setting of a kind of source or destination. */
export const IntegrationOption = Type.Object({
  name: Type.String(),
  type: Type.String(),
  required: Type.Boolean(),
  description: Type.Optional(Type.String()),
  defaultValue: Type.Optional(AnyJson),
  label: Type.Optional(Type.String()),
});
