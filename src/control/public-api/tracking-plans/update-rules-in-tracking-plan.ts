import { limits } from '../../../core/limits.ts';
import { Type } from '../../schemas/type.ts';
import { findTrackingPlan } from '../../tracking-plans/find-tracking-plan.ts';
import { upsertRules } from '../../tracking-plans/rules/upsert-rules.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id, StatusOutput, success } from '../frame/schema.ts';
import { RuleChange } from '../models/tracking-plan.ts';
import { auditedRules } from './audited-rules.ts';

export const updateRulesInTrackingPlan = writeOperation({
  operationId: 'updateRulesInTrackingPlan',
  method: 'PATCH',
  path: '/tracking-plans/{trackingPlanId}/rules',
  tag: 'Tracking Plans',
  summary: 'Changes rules of a tracking plan, and adds those that it does not have',
  permission: 'write',
  on: 'tracking-plan',
  bodyBytes: limits.rulesBodyBytes,
  audit: { type: 'Tracking Plan Modified', resourceType: 'tracking-plan' },
  params: Type.Object({ trackingPlanId: Id }),
  body: Type.Object({ rules: Type.Array(RuleChange) }),
  response: StatusOutput,
  handle: async (context, { params, body }) => {
    const plan = await findTrackingPlan(context.db, params.trackingPlanId);
    const change = () => upsertRules(context, plan, body.rules);
    return { data: success, audited: await auditedRules(context, plan, change) };
  },
});
