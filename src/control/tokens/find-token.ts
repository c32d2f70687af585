import type { Kysely, Selectable } from 'kysely';
import { TributaryError } from '../../core/errors.ts';
import type { ControlTables, TokenTable } from '../../core/tables/control-tables.ts';

export type TokenRow = Selectable<TokenTable>;

/** The row of an access token. Rejects with `not_found`. */
export async function findToken(db: Kysely<ControlTables>, id: string): Promise<TokenRow> {
  const row = await db.selectFrom('token').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw new TributaryError('not_found', `Token with id '${id}' not found.`);
  return row;
}
