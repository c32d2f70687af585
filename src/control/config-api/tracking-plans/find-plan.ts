import type { Kysely } from 'kysely';
import type { ControlTables } from '../../../core/tables/control-tables.ts';
import { findTrackingPlan, type TrackingPlanRow } from '../../tracking-plans/find-tracking-plan.ts';
import { rulesByKey } from '../../tracking-plans/rules/find-rules.ts';
import type { RuleRow } from '../../tracking-plans/rules/rule-key.ts';

/** The plan that a path names, by its id in either API. Rejects with `not_found`. */
export function findPlan(db: Kysely<ControlTables>, given: string): Promise<TrackingPlanRow> {
  return findTrackingPlan(db, `tp_${given.replace(/^(rs|tp)_/, '')}`);
}

/** All rules of a plan, in order. */
export async function rulesOf(
  db: Kysely<ControlTables>,
  { id }: TrackingPlanRow,
): Promise<readonly RuleRow[]> {
  return [...(await rulesByKey(db, id)).values()];
}
