import type { WriteContext } from '../context.ts';
import { newId } from '../ids.ts';
import {
  findTrackingPlan,
  type TrackingPlanRow,
  type TrackingPlanType,
} from './find-tracking-plan.ts';
import { type GivenRule, replaceRules } from './rules/replace-rules.ts';

export interface NewTrackingPlan {
  readonly name: string;
  readonly description?: string;
  /** `LIVE` when absent. */
  readonly type?: TrackingPlanType;
  readonly rules?: readonly GivenRule[];
}

/** Makes a tracking plan. Throws `input_validation`, with the fields. */
export async function makeTrackingPlan(
  context: WriteContext,
  { name, description, type = 'LIVE', rules = [] }: NewTrackingPlan,
): Promise<TrackingPlanRow> {
  const { db, environment, revision, now } = context;
  const id = `tp_${newId(environment.random)}`;
  await db
    .insertInto('tracking_plan')
    .values({
      id,
      workspace_id: environment.workspace.id,
      position: revision,
      slug: planSlug(name),
      name,
      description: description ?? null,
      type,
      created_at: now,
      updated_at: now,
    })
    .execute();
  if (rules.length > 0) await replaceRules(context, { id }, rules);
  return findTrackingPlan(db, id);
}

/** For people; not unique. */
export function planSlug(name: string): string {
  return (
    name
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, '') || 'tracking-plan'
  );
}
