import type { Static } from '../../schemas/type.ts';
import {
  type TrackingPlanRow,
  trackingPlanTypes,
} from '../../tracking-plans/find-tracking-plan.ts';
import { type RuleRow, ruleTypes } from '../../tracking-plans/rules/rule-key.ts';
import { isoTime } from '../frame/iso-time.ts';
import type { Rule, TrackingPlan } from '../models/tracking-plan.ts';

export function presentTrackingPlan(row: TrackingPlanRow): Static<typeof TrackingPlan> {
  return {
    id: row.id,
    name: row.name,
    slug: row.slug,
    ...(row.description !== null && { description: row.description }),
    type: trackingPlanTypes.find((type) => type === row.type) ?? 'LIVE',
    updatedAt: isoTime(row.updated_at),
    createdAt: isoTime(row.created_at),
  };
}

export function presentRule(row: RuleRow): Static<typeof Rule> {
  return {
    type: ruleTypes.find((type) => type === row.type) ?? 'COMMON',
    ...(row.key !== '' && { key: row.key }),
    jsonSchema: JSON.parse(row.json_schema),
    version: row.version,
    createdAt: isoTime(row.created_at),
    updatedAt: isoTime(row.updated_at),
  };
}
