import { limits } from '../../../core/limits.ts';
import { Type } from '../../schemas/type.ts';
import { findTrackingPlan } from '../../tracking-plans/find-tracking-plan.ts';
import { replaceRules } from '../../tracking-plans/rules/replace-rules.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id, StatusOutput, success } from '../frame/schema.ts';
import { RuleInput } from '../models/tracking-plan.ts';
import { auditedRules } from './audited-rules.ts';

export const replaceRulesInTrackingPlan = writeOperation({
  operationId: 'replaceRulesInTrackingPlan',
  method: 'PUT',
  path: '/tracking-plans/{trackingPlanId}/rules',
  tag: 'Tracking Plans',
  summary: 'Puts rules in place of all that a tracking plan has',
  permission: 'write',
  on: 'tracking-plan',
  bodyBytes: limits.rulesBodyBytes,
  audit: { type: 'Tracking Plan Modified', resourceType: 'tracking-plan' },
  params: Type.Object({ trackingPlanId: Id }),
  body: Type.Object({ rules: Type.Array(RuleInput) }),
  response: StatusOutput,
  handle: async (context, { params, body }) => {
    const plan = await findTrackingPlan(context.db, params.trackingPlanId);
    const change = () => replaceRules(context, plan, body.rules);
    return { data: success, audited: await auditedRules(context, plan, change) };
  },
});
