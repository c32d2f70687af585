import type { Kysely } from 'kysely';
import type { ControlTables } from '../../../core/tables/control-tables.ts';
import { type RuleRow, ruleKeyText } from './rule-key.ts';

/** All rules of a plan by `ruleKeyText`, in order. */
export async function rulesByKey(
  db: Kysely<ControlTables>,
  planId: string,
): Promise<Map<string, RuleRow>> {
  const rows = await db
    .selectFrom('tracking_plan_rule')
    .selectAll()
    .where('tracking_plan_id', '=', planId)
    .orderBy('position')
    .execute();
  return new Map(rows.map((row) => [ruleKeyText(row), row]));
}
