import { Type } from '../../schemas/type.ts';
import { oneOf } from '../frame/schema.ts';

const Path = Type.String({ minLength: 1, maxLength: 255 });

/** What a transformation does. */
export const Work = Type.Object({
  drop: Type.Optional(Type.Boolean()),
  newEventName: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
  propertyRenames: Type.Optional(
    Type.Array(Type.Object({ oldName: Path, newName: Path }), { maxItems: 200 }),
  ),
  propertyValueTransformations: Type.Optional(
    Type.Array(
      Type.Object({
        propertyPaths: Type.Array(Path),
        propertyValue: Type.String({ maxLength: 5_000 }),
      }),
    ),
  ),
  fqlDefinedProperties: Type.Optional(
    Type.Array(
      Type.Object({ fql: Type.String({ minLength: 1, maxLength: 5_000 }), propertyName: Path }),
    ),
  ),
  allowProperties: Type.Optional(Type.Array(Path, { maxItems: 1_000 })),
  hashPropertiesConfiguration: Type.Optional(
    Type.Object({
      algorithm: Type.String({ minLength: 1, maxLength: 32 }),
      key: Type.Optional(Type.String({ maxLength: 1_000 })),
      encoding: Type.Optional(oneOf(['BASE16', 'BASE64', 'BASE64URL', 'HEX'])),
      paths: Type.Array(Path, { maxItems: 1_000 }),
    }),
  ),
});

export const Transformation = Type.Object({
  id: Type.String(),
  name: Type.String(),
  sourceId: Type.String(),
  destinationMetadataId: Type.Optional(Type.String()),
  enabled: Type.Boolean(),
  if: Type.String(),
  ...Work.properties,
});
