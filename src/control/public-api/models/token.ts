import Type from 'typebox';
import { permissions } from '../../access/permission.ts';
import { oneOf } from '../frame/schema.ts';

export const PermissionName = oneOf(permissions);

/** An access token, without its secret. */
export const Token = Type.Object({
  id: Type.String(),
  name: Type.String(),
  permission: PermissionName,
  createdAt: Type.String(),
});
