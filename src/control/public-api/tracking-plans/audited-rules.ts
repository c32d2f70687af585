import type { WriteContext } from '../../context.ts';
import type { TrackingPlanRow } from '../../tracking-plans/find-tracking-plan.ts';
import { rulesByKey } from '../../tracking-plans/rules/find-rules.ts';
import type { Audited } from '../frame/operation.ts';
import { presentRule } from './present-tracking-plan.ts';

/** Makes a change to the rules of a plan; the audit trail keeps those that are not the same before and after. */
export async function auditedRules(
  { db }: WriteContext,
  plan: TrackingPlanRow,
  change: () => Promise<void>,
): Promise<Audited> {
  const before = await rulesByKey(db, plan.id);
  await change();
  const after = await rulesByKey(db, plan.id);
  const only = (these: typeof before, those: typeof before) => ({
    rules: [...these]
      .filter(([key, { json_schema }]) => those.get(key)?.json_schema !== json_schema)
      .map(([, row]) => presentRule(row)),
  });
  return {
    resourceId: plan.id,
    resourceName: plan.name,
    before: only(before, after),
    after: only(after, before),
  };
}
