import type { WriteContext } from '../../context.ts';
import type { RuleKey } from './rule-key.ts';
import { touchPlan } from './touch-plan.ts';

/** Takes the named rules away from a plan; one that is not there is none already. */
export async function removeRules(
  { db, now }: WriteContext,
  plan: { readonly id: string },
  keys: readonly RuleKey[],
): Promise<void> {
  for (const { type, key = '', version } of keys) {
    await db
      .deleteFrom('tracking_plan_rule')
      .where('tracking_plan_id', '=', plan.id)
      .where('type', '=', type)
      .where('key', '=', key)
      .where('version', '=', version)
      .execute();
  }
  await touchPlan(db, plan.id, now);
}
