import { parseGrants } from '../../access/grant.ts';
import type { Static } from '../../schemas/type.ts';
import type { UserRow } from '../../users/find-user.ts';
import { presentGrants } from '../models/permission.ts';
import type { User } from '../models/user.ts';

export function presentUser({ id, name, email, permissions }: UserRow): Static<typeof User> {
  return { id, name, email, permissions: presentGrants(parseGrants(permissions)) };
}
