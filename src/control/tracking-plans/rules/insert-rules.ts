import type { Kysely } from 'kysely';
import type { ControlTables } from '../../../core/tables/control-tables.ts';
import type { RuleRow } from './rule-key.ts';

/** Rows in one statement: a database takes so many values at once. */
const atOnce = 50;

export async function insertRules(
  db: Kysely<ControlTables>,
  rows: readonly RuleRow[],
): Promise<void> {
  for (let from = 0; from < rows.length; from += atOnce) {
    await db
      .insertInto('tracking_plan_rule')
      .values(rows.slice(from, from + atOnce))
      .execute();
  }
}
