import { Type } from '../../schemas/type.ts';
import { Permission } from './permission.ts';

export const UserGroup = Type.Object({
  id: Type.String(),
  name: Type.String(),
  /** Users, and people invited. */
  memberCount: Type.Integer(),
  permissions: Type.Array(Permission),
});

/** A group as its user shows it. */
export const MinimalUserGroup = Type.Object({ id: Type.String(), name: Type.String() });
