import { permissions } from '../../access/permission.ts';
import { answerStyles } from '../../access/principal.ts';
import { Type } from '../../schemas/type.ts';
import { nullable, oneOf } from '../frame/schema.ts';
import { Permission } from './permission.ts';

export const PermissionName = oneOf(permissions);

/** An access token, without its secret. */
export const Token = Type.Object({
  id: Type.String(),
  name: Type.String(),
  permission: PermissionName,
  /** Whose it is: it may do, within `permission`, what the user and its groups may. Null is nobody's. */
  userId: nullable('string'),
  /** Its own roles, in place of the user's; null: those of the user, or all without one. */
  permissions: Type.Union([Type.Array(Permission), Type.Null()]),
  createdAt: Type.String(),
  /** From this moment on it is refused; null is never. */
  expiresAt: nullable('string'),
  /** To the minute; null when it never was. */
  lastUsedAt: nullable('string'),
  /** How answers to it are worded; `server` is as the server is set. */
  answers: oneOf([...answerStyles, 'server']),
});
