import { Type } from '../../schemas/type.ts';

/** A filter of the events that go into a space, which the contract calls an integration. */
export const SpaceFilter = Type.Object({
  id: Type.String(),
  workspaceId: Type.String(),
  /** Id of the space. */
  integrationId: Type.String(),
  enabled: Type.Boolean(),
  name: Type.String(),
  description: Type.Optional(Type.String()),
  /** FQL. */
  if: Type.String(),
  drop: Type.Boolean(),
  createdAt: Type.String(),
  updatedAt: Type.String(),
});

/** Its fields as a request has them, beside its name and condition. */
export const spaceFilterFields = {
  enabled: Type.Optional(Type.Boolean()),
  description: Type.Optional(Type.String({ maxLength: 10_000 })),
  drop: Type.Optional(Type.Boolean()),
};
