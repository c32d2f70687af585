import { limits } from '../../../core/limits.ts';
import { takePositions } from '../../configuration/next-revision.ts';
import type { WriteContext } from '../../context.ts';
import { InputFailure } from '../../input-failure.ts';
import { checkRules, type GivenRule, tooMany } from './check-rules.ts';
import { rulesByKey } from './find-rules.ts';
import { insertRules } from './insert-rules.ts';
import { type RuleKey, type RuleRow, ruleKeyText } from './rule-key.ts';
import { touchPlan } from './touch-plan.ts';

export interface RuleChange extends GivenRule {
  /** What its key is to become. */
  readonly newKey?: string;
}

/**
 * Changes the rules of a plan that these name, and adds those that are not there, at the end (spec public-api §6).
 * Throws `input_validation`, with the fields; also for a new key that another rule has.
 */
export async function upsertRules(
  { db, environment, now }: WriteContext,
  plan: { readonly id: string },
  given: readonly RuleChange[],
): Promise<void> {
  const changes = checkRules(given);
  const rules = await rulesByKey(db, plan.id);
  const added: RuleRow[] = [];
  const changed: { readonly old: RuleRow; readonly row: RuleRow }[] = [];
  const positions = await takePositions(db, environment.workspace.id, changes.length);
  for (const [index, change] of changes.entries()) {
    const old = rules.get(ruleKeyText(change));
    const key = change.newKey || change.key || '';
    const becomes: RuleKey = { type: change.type, key, version: change.version };
    const other = rules.get(ruleKeyText(becomes));
    if (other !== undefined && other !== old) throw taken(index);
    const row: RuleRow = {
      tracking_plan_id: plan.id,
      position: old?.position ?? positions[index] ?? 0,
      ...{ type: change.type, key, version: change.version },
      json_schema: JSON.stringify(change.jsonSchema),
      created_at: old?.created_at ?? now,
      updated_at: now,
    };
    if (old === undefined) added.push(row);
    else changed.push({ old, row });
    rules.delete(ruleKeyText(change));
    rules.set(ruleKeyText(row), row);
  }
  if (rules.size > limits.trackingPlanRules) throw new InputFailure([tooMany]);
  for (const { old, row } of changed) {
    await db
      .updateTable('tracking_plan_rule')
      .set({ key: row.key, json_schema: row.json_schema, updated_at: now })
      .where('tracking_plan_id', '=', plan.id)
      .where('type', '=', old.type)
      .where('key', '=', old.key)
      .where('version', '=', old.version)
      .execute();
  }
  await insertRules(db, added);
  await touchPlan(db, plan.id, now);
}

function taken(index: number): InputFailure {
  const field = `rules.${index}.newKey`;
  return new InputFailure([{ field, message: `"${field}" is the key of another rule` }]);
}
