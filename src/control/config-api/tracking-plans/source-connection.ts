import type { WriteContext } from '../../context.ts';
import type { Environment } from '../../environment.ts';
import { type Static, Type } from '../../schemas/type.ts';
import type { SourceRow } from '../../sources/find-source.ts';
import type { TrackingPlanRow } from '../../tracking-plans/find-tracking-plan.ts';
import { connectPlan } from '../../tracking-plans/sources/connect-plan.ts';
import { lastPart, sourceName, workspaceName } from '../frame/resource-name.ts';
import { findNamedSource } from '../sources/find-named-source.ts';
import { planId } from './tracking-plan.ts';

export const SourceConnection = Type.Object({
  source_name: Type.String(),
  tracking_plan_id: Type.String(),
});

export function sourceConnection(
  environment: Environment,
  plan: TrackingPlanRow,
  source: SourceRow,
): Static<typeof SourceConnection> {
  return {
    source_name: sourceName(environment, source.slug),
    tracking_plan_id: planId(plan),
  };
}

/** Connects a plan to the source that a body names. Throws as `connectPlan` does. */
export async function connectNamed(
  context: WriteContext,
  plan: TrackingPlanRow,
  field: string,
  given: string,
): Promise<SourceRow> {
  const { db, environment } = context;
  const collection = `${workspaceName(environment)}/sources`;
  const slug = lastPart(environment, field, given, collection);
  return connectPlan(context, plan, (await findNamedSource(db, slug)).id);
}
