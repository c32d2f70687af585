import type { Kysely } from 'kysely';
import { TributaryError } from '../../../core/errors.ts';
import type { ControlTables } from '../../../core/tables/control-tables.ts';
import type { ReadContext } from '../../context.ts';
import { type Static, Type } from '../../schemas/type.ts';
import type { TokenRow } from '../../tokens/find-token.ts';
import { configTime } from '../frame/config-time.ts';
import { workspaceName } from '../frame/resource-name.ts';

const fields = {
  name: Type.String(),
  description: Type.String(),
  scopes: Type.String(),
  workspace_names: Type.Array(Type.String()),
  create_time: Type.String(),
};

export const AccessToken = Type.Object(fields);

/** As it is shown once, when it is made. */
export const NewAccessToken = Type.Object({ ...fields, token: Type.String() });

/** An access token of either API. Its name has its place in the list: this API numbers tokens. */
export function accessToken(
  { environment }: ReadContext,
  row: TokenRow,
): Static<typeof AccessToken> {
  return {
    name: `access-tokens/${Number(row.position)}`,
    description: row.name,
    scopes: scopeOf(row.permission),
    workspace_names: [workspaceName(environment)],
    create_time: configTime(row.created_at),
  };
}

/** `workspace:write`, which Segment does not have, is all but tokens and users. */
function scopeOf(permission: string): string {
  return permission === 'admin' ? 'workspace' : `workspace:${permission}`;
}

/** The access token whose number a path names. Rejects with `not_found`. */
export async function findNumberedToken(
  db: Kysely<ControlTables>,
  number: string,
): Promise<TokenRow> {
  const query = db.selectFrom('token').selectAll().where('position', '=', Number(number));
  const row = /^\d{1,15}$/.test(number) ? await query.executeTakeFirst() : undefined;
  if (row !== undefined) return row;
  throw new TributaryError('not_found', `Access token '${number}' not found.`);
}
