import { Type } from '../../schemas/type.ts';

/** A label as it stands on a resource. */
export const Label = Type.Object({
  key: Type.String(),
  value: Type.String(),
  description: Type.Optional(Type.String()),
});

/** As it is given: the description is the workspace's business. */
export const LabelInput = Type.Object({
  key: Type.String({ minLength: 1, maxLength: 255 }),
  value: Type.String({ minLength: 1, maxLength: 255 }),
  description: Type.Optional(Type.String({ maxLength: 1_000 })),
});
