import assert from 'node:assert/strict';
import type { Selectable } from 'kysely';
import type { TokenTable } from '../../../core/tables/control-tables.ts';
import { parseGrants } from '../../access/grant.ts';
import { isPermission } from '../../access/permission.ts';
import { isAnswerStyle } from '../../access/principal.ts';
import type { Static } from '../../schemas/type.ts';
import { isoTime } from '../frame/iso-time.ts';
import { presentGrants } from '../models/permission.ts';
import type { Token } from '../models/token.ts';

export function presentToken(row: Selectable<TokenTable>): Static<typeof Token> {
  const { id, name, permission } = row;
  assert(isPermission(permission), 'only known permissions are stored');
  return {
    id,
    name,
    permission,
    userId: row.user_id,
    permissions: row.permissions === null ? null : presentGrants(parseGrants(row.permissions)),
    createdAt: isoTime(Number(row.created_at)),
    expiresAt: timeOf(row.expires_at),
    lastUsedAt: timeOf(row.last_used_at),
    answers: isAnswerStyle(row.answers) ? row.answers : 'server',
  };
}

function timeOf(time: number | null): string | null {
  return time === null ? null : isoTime(Number(time));
}
