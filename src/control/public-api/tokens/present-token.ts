import assert from 'node:assert/strict';
import type { Selectable } from 'kysely';
import type { Static } from 'typebox';
import type { TokenTable } from '../../../core/tables/control-tables.ts';
import { isPermission } from '../../access/permission.ts';
import { isoTime } from '../frame/iso-time.ts';
import type { Token } from '../models/token.ts';

export function presentToken(row: Selectable<TokenTable>): Static<typeof Token> {
  const { id, name, permission } = row;
  assert(isPermission(permission), 'only known permissions are stored');
  return { id, name, permission, createdAt: isoTime(Number(row.created_at)) };
}
