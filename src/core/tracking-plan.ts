import type { JsonObject } from './json.ts';

/** A rule of a tracking plan: what events of one kind look like (spec tracking-api §11). */
export interface PlanRule {
  /** `COMMON` is held against every event, after the rule of its own kind. */
  readonly type: 'COMMON' | 'GROUP' | 'IDENTIFY' | 'PAGE' | 'SCREEN' | 'TRACK';
  /** Name of the event of a track call; of the others of no account. */
  readonly key: string;
  /** An event names its version in `context.protocols.event_version`; one that names none has the oldest. */
  readonly version: number;
  /** JSON Schema of the whole event, drafts 4 to 7. */
  readonly schema: JsonObject;
}

/** A tracking plan that a source has; only such are in a snapshot. */
export interface TrackingPlanConfig {
  readonly id: string;
  readonly name: string;
  readonly rules: readonly PlanRule[];
}

/** What a breach of the common rule leads to. The names of the API: `OMIT_PROPERTIES`, `OMIT_TRAITS` are `OMIT` here. */
export type CommonBreach = 'ALLOW' | 'BLOCK' | 'OMIT';

/** What becomes of events that are not as the plan has them. */
export interface PlanEnforcement {
  readonly track: {
    /** False: an event that is in no rule is blocked. */
    readonly allowUnplannedEvents: boolean;
    /** False: properties that no rule names go. */
    readonly allowUnplannedEventProperties: boolean;
    /** Of an event that breaks its rule, unless its properties are allowed: false blocks it, true takes those properties away. */
    readonly allowEventOnViolations: boolean;
    readonly allowPropertiesOnViolations: boolean;
    readonly common: CommonBreach;
  };
  readonly identify: TraitsEnforcement;
  readonly group: TraitsEnforcement;
  /** Id of a source that gets an event for each violation, and of one that gets the blocked events. */
  readonly violationsTo?: string;
  readonly blockedEventsTo?: string;
}

export interface TraitsEnforcement {
  /** False: traits that no rule names go. */
  readonly allowUnplannedTraits: boolean;
  /** False: traits that break the rule go. */
  readonly allowTraitsOnViolations: boolean;
  readonly common: CommonBreach;
}

/** The tracking plan of a source at work. */
export interface SourcePlan extends PlanEnforcement {
  /** Id of the plan in `Snapshot.trackingPlans`. */
  readonly plan: string;
}

/** One way in which an event is not as the plan has it (spec tracking-api §11). */
export interface PlanViolation {
  /** `Required`, `Invalid Type`, `Unplanned`, … */
  readonly type: string;
  /** Path like `properties.price`; `(root)` for the event as a whole. */
  readonly field: string;
  readonly description: string;
}
