import { InputFailure } from '../../input-failure.ts';
import { Type } from '../../schemas/type.ts';
import { findTrackingPlan } from '../../tracking-plans/find-tracking-plan.ts';
import { removeRules } from '../../tracking-plans/rules/remove-rules.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id, StatusOutput, success } from '../frame/schema.ts';
import { RuleKey } from '../models/tracking-plan.ts';
import { auditedRules } from './audited-rules.ts';

const Rules = Type.Object({ rules: Type.Optional(Type.Array(RuleKey)) });

export const removeRulesFromTrackingPlan = writeOperation({
  operationId: 'removeRulesFromTrackingPlan',
  method: 'DELETE',
  path: '/tracking-plans/{trackingPlanId}/rules',
  tag: 'Tracking Plans',
  summary: 'Takes rules away from a tracking plan; they are named in the query or in a body',
  permission: 'write',
  on: 'tracking-plan',
  audit: { type: 'Tracking Plan Modified', resourceType: 'tracking-plan' },
  params: Type.Object({ trackingPlanId: Id }),
  query: Rules,
  body: Rules,
  response: StatusOutput,
  handle: async (context, { params, query, body }) => {
    const plan = await findTrackingPlan(context.db, params.trackingPlanId);
    const rules = query.rules ?? body.rules;
    if (rules === undefined) {
      throw new InputFailure([{ field: 'rules', message: '"rules" is required' }]);
    }
    const change = () => removeRules(context, plan, rules);
    return { data: success, audited: await auditedRules(context, plan, change) };
  },
});
