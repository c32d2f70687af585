import { Type } from '../../schemas/type.ts';
import { Permission } from './permission.ts';

/** An address as it is given; kept in lower case. */
export const Email = Type.String({
  maxLength: 255,
  pattern: '^[^\\s@,]+@[^\\s@,]+$',
  examples: ['ada@example.com'],
});

export const User = Type.Object({
  id: Type.String(),
  name: Type.String(),
  email: Type.String(),
  permissions: Type.Array(Permission),
});

/** A user as its group shows it. */
export const MinimalUser = Type.Object({
  id: Type.String(),
  name: Type.String(),
  email: Type.String(),
});
