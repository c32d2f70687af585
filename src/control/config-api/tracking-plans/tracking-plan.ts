import type { Environment } from '../../environment.ts';
import { AnyJson, FreeObject } from '../../public-api/frame/schema.ts';
import { type Static, Type } from '../../schemas/type.ts';
import type { TrackingPlanRow } from '../../tracking-plans/find-tracking-plan.ts';
import type { RuleRow } from '../../tracking-plans/rules/rule-key.ts';
import { configTime } from '../frame/config-time.ts';
import { workspaceName } from '../frame/resource-name.ts';
import { rulesTree } from './rules-tree.ts';

const RulesOutput = Type.Object({
  global: FreeObject,
  events: Type.Array(
    Type.Object({
      name: Type.String(),
      version: Type.Integer(),
      description: Type.String(),
      rules: FreeObject,
    }),
  ),
  identify: FreeObject,
  group: FreeObject,
  /** Of an older form; always empty. */
  identify_traits: Type.Array(AnyJson),
  group_traits: Type.Array(AnyJson),
});

export const TrackingPlanOutput = Type.Object({
  name: Type.String(),
  display_name: Type.String(),
  rules: RulesOutput,
  create_time: Type.String(),
  update_time: Type.String(),
});

/** The id of a plan in this API: the one of the Public API with another mark. */
export function planId({ id }: { readonly id: string }): string {
  return `rs_${id.replace(/^tp_/, '')}`;
}

/** A plan as this API shows it; lists leave its rules out (spec config-api §2). */
export function configTrackingPlan(
  environment: Environment,
  row: TrackingPlanRow,
  rules: readonly RuleRow[],
): Static<typeof TrackingPlanOutput> {
  return {
    name: `${workspaceName(environment)}/tracking-plans/${planId(row)}`,
    display_name: row.name,
    rules: rulesTree(rules),
    create_time: configTime(row.created_at),
    update_time: configTime(row.updated_at),
  };
}
