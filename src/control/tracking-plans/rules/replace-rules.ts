import { takePositions } from '../../configuration/next-revision.ts';
import type { WriteContext } from '../../context.ts';
import { checkRules, type GivenRule } from './check-rules.ts';
import { rulesByKey } from './find-rules.ts';
import { insertRules } from './insert-rules.ts';
import { ruleKeyText } from './rule-key.ts';
import { touchPlan } from './touch-plan.ts';

export type { GivenRule } from './check-rules.ts';

/**
 * Puts these rules in place of all that the plan has, in their order; a rule that stays keeps the time at which it was
 * made. Throws `input_validation`, with the fields.
 */
export async function replaceRules(
  { db, environment, now }: WriteContext,
  plan: { readonly id: string },
  given: readonly GivenRule[],
): Promise<void> {
  const rules = checkRules(given);
  const before = await rulesByKey(db, plan.id);
  const positions = await takePositions(db, environment.workspace.id, rules.length);
  await db.deleteFrom('tracking_plan_rule').where('tracking_plan_id', '=', plan.id).execute();
  const rows = rules.map((rule, index) => {
    const old = before.get(ruleKeyText(rule));
    const json_schema = JSON.stringify(rule.jsonSchema);
    return {
      tracking_plan_id: plan.id,
      position: positions[index] ?? 0,
      type: rule.type,
      key: rule.key ?? '',
      version: rule.version,
      json_schema,
      created_at: old?.created_at ?? now,
      updated_at: old?.json_schema === json_schema ? old.updated_at : now,
    };
  });
  await insertRules(db, rows);
  await touchPlan(db, plan.id, now);
}
