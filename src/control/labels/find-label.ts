import type { Kysely, Selectable } from 'kysely';
import { TributaryError } from '../../core/errors.ts';
import type { ControlTables, LabelTable } from '../../core/tables/control-tables.ts';
import type { LabelPair } from '../access/grant.ts';

export type LabelRow = Selectable<LabelTable>;

/** The row of a label, undefined when the workspace has none such. */
export async function findLabel(
  db: Kysely<ControlTables>,
  { key, value }: LabelPair,
): Promise<LabelRow | undefined> {
  const query = db.selectFrom('label').selectAll().where('key', '=', key);
  return query.where('value', '=', value).executeTakeFirst();
}

/** The row of a label. Rejects with `not_found`. */
export async function requireLabel(db: Kysely<ControlTables>, pair: LabelPair): Promise<LabelRow> {
  const row = await findLabel(db, pair);
  if (row !== undefined) return row;
  throw new TributaryError('not_found', `Label '${pair.key}:${pair.value}' not found.`);
}
