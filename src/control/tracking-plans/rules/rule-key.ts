import type { Selectable } from 'kysely';
import type { TrackingPlanRuleTable } from '../../../core/tables/shaping-tables.ts';

export type RuleRow = Selectable<TrackingPlanRuleTable>;

/** What a rule can be for (spec public-api §6). */
export const ruleTypes = ['COMMON', 'GROUP', 'IDENTIFY', 'PAGE', 'SCREEN', 'TRACK'] as const;
export type RuleType = (typeof ruleTypes)[number];

/** What a rule is known by in its plan. */
export interface RuleKey {
  readonly type: RuleType;
  /** Name of the event; of the others absent, or what their client calls them. */
  readonly key?: string;
  readonly version: number;
}

/** Two rules of one plan with the same text are the same rule. */
export function ruleKeyText({ type, key = '', version }: RuleKey | RuleRow): string {
  return JSON.stringify([type, key, version]);
}
