import { limits } from '../../../core/limits.ts';
import type { WriteContext } from '../../context.ts';
import {
  presentRule,
  presentTrackingPlan,
} from '../../public-api/tracking-plans/present-tracking-plan.ts';
import { Type } from '../../schemas/type.ts';
import { changeTrackingPlan } from '../../tracking-plans/change-tracking-plan.ts';
import { findTrackingPlan, type TrackingPlanRow } from '../../tracking-plans/find-tracking-plan.ts';
import { replaceRules } from '../../tracking-plans/rules/replace-rules.ts';
import { configWrite } from '../frame/config-operation.ts';
import { inConfigWords } from '../frame/in-config-words.ts';
import {
  type Masked,
  maskedObject,
  maskedText,
  maskKeys,
  ResourceInput,
  readMasked,
} from '../frame/update-mask.ts';
import { findPlan, rulesOf } from './find-plan.ts';
import { readRules } from './read-rules.ts';
import { configTrackingPlan, TrackingPlanOutput } from './tracking-plan.ts';

const key = 'tracking_plan';

/** By PUT, as Segment has it, and by PATCH, as all else is updated. */
const declaration = {
  path: '/workspaces/{workspace}/tracking-plans/{plan}',
  tag: 'Tracking Plans',
  summary: 'Changes the name of a tracking plan, or all its rules at once',
  permission: 'write',
  area: 'tracking-plan',
  bodyBytes: limits.rulesBodyBytes,
  audit: { type: 'Tracking Plan Modified', resourceType: 'tracking-plan' },
  body: Type.Object({ tracking_plan: ResourceInput, ...maskKeys }),
  response: TrackingPlanOutput,
} as const;

export const updateTrackingPlan = configWrite({
  operationId: 'configUpdateTrackingPlan',
  method: 'PUT',
  ...declaration,
  handle: async (context, { params, body }) => update(context, params.plan, body),
});

export const patchTrackingPlan = configWrite({
  operationId: 'configPatchTrackingPlan',
  method: 'PATCH',
  ...declaration,
  handle: async (context, { params, body }) => update(context, params.plan, body),
});

async function update(context: WriteContext, given: string, body: Record<string, unknown>) {
  const { db, environment } = context;
  const row = await findPlan(db, given);
  const masked = readMasked(body, key, ['display_name', 'rules']);
  const before = await shown(context, row);
  const name = maskedText(masked, key, 'display_name');
  if (name !== undefined) await changeTrackingPlan(context, row, { name });
  await changeRules(context, row, masked);
  const changed = await findTrackingPlan(db, row.id);
  return {
    data: configTrackingPlan(environment, changed, await rulesOf(db, changed)),
    audited: {
      resourceId: row.id,
      resourceName: changed.name,
      before,
      after: await shown(context, changed),
    },
  };
}

async function changeRules(
  context: WriteContext,
  row: TrackingPlanRow,
  masked: Masked<string>,
): Promise<void> {
  const tree = maskedObject(masked, key, 'rules');
  if (tree === undefined) return;
  const { rules, rename } = readRules(tree, await rulesOf(context.db, row));
  await inConfigWords(rename, () => replaceRules(context, row, rules));
}

async function shown({ db }: WriteContext, row: TrackingPlanRow): Promise<object> {
  const rules = (await rulesOf(db, row)).map(presentRule);
  return { trackingPlan: presentTrackingPlan(row), rules };
}
