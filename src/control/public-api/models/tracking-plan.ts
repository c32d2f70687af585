import { Type } from '../../schemas/type.ts';
import { trackingPlanTypes } from '../../tracking-plans/find-tracking-plan.ts';
import { ruleTypes } from '../../tracking-plans/rules/rule-key.ts';
import { AnyJson, FreeObject, oneOf } from '../frame/schema.ts';

export const TrackingPlanName = Type.String({ minLength: 1, maxLength: 255 });
export const TrackingPlanDescription = Type.String({ maxLength: 5_000 });

export const TrackingPlan = Type.Object({
  id: Type.String(),
  name: Type.String(),
  slug: Type.String(),
  description: Type.Optional(Type.String()),
  type: oneOf(trackingPlanTypes),
  updatedAt: Type.String(),
  createdAt: Type.String(),
});

export const RuleKey = Type.Object({
  type: oneOf(ruleTypes),
  key: Type.Optional(Type.String({ maxLength: 255 })),
  version: Type.Integer({ minimum: 0, maximum: 1_000_000 }),
});

export const RuleInput = Type.Object({
  ...RuleKey.properties,
  /** JSON Schema; checked with the rule, so that each problem has its place. */
  jsonSchema: AnyJson,
});

export const RuleChange = Type.Object({
  ...RuleInput.properties,
  newKey: Type.Optional(Type.String({ maxLength: 255 })),
});

export const Rule = Type.Object({
  ...RuleKey.properties,
  jsonSchema: FreeObject,
  createdAt: Type.String(),
  updatedAt: Type.String(),
});
