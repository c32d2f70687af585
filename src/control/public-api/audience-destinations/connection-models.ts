import { Type } from '../../schemas/type.ts';
import { FreeObject, nullableObject } from '../frame/schema.ts';

/** Which of a user's ids are sent, and which of several. */
export const IdSyncConfiguration = Type.Object({
  externalId: Type.String({ minLength: 1, maxLength: 255 }),
  strategy: Type.String({ minLength: 1, maxLength: 255 }),
  mapTo: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
});

/** What the contract has for a change of a connection. */
export const ConnectionChange = {
  idSyncConfiguration: Type.Optional(Type.Array(IdSyncConfiguration, { maxItems: 100 })),
  /** The kind's `audience.fields`. */
  connectionSettings: Type.Optional(nullableObject),
};

export const ConnectedDestination = Type.Object({
  /** Of the connection. */
  id: Type.String(),
  name: Type.Optional(Type.String()),
  sourceId: Type.String(),
  enabled: Type.Boolean(),
  createdAt: Type.String(),
  updatedAt: Type.String(),
  /** Of the destination, secrets masked. */
  settings: FreeObject,
  destinationId: Type.String(),
  metadata: Type.Optional(
    Type.Object({ id: Type.String(), name: Type.String(), slug: Type.String() }),
  ),
  idSyncConfiguration: Type.Optional(Type.Array(IdSyncConfiguration)),
  connectionSettings: Type.Optional(FreeObject),
});

/** An audience as one of its destinations has it. */
export const AudienceOfDestination = Type.Object({
  connectionId: Type.String(),
  audienceId: Type.String(),
  spaceId: Type.String(),
  key: Type.String(),
  name: Type.String(),
  /** What it is at the vendor; absent where the code of the destination makes none. */
  externalId: Type.Optional(Type.String()),
  connectionSettings: FreeObject,
});
