import type { DiscardCode } from '../../core/discard-codes.ts';
import { consentEvent, type EventType } from '../../core/event.ts';
import { valueAt, withoutPath, withValueAt } from '../../core/event-paths.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import { limits } from '../../core/limits.ts';
import type { PlanViolation, SourcePlan } from '../../core/tracking-plan.ts';
import type { CompiledPlan } from './compiled-plan.ts';
import type { SchemaFault } from './json-schema/schema-run.ts';

/** What the tracking plan of a source makes of an event. */
export interface PlanJudgement {
  /** Without what is omitted; `context.protocols` tells what is amiss. The very same where nothing is. */
  readonly event: JsonObject;
  readonly violations: readonly PlanViolation[];
  readonly blocked?: DiscardCode;
}

/** The plan of a source, and the id of the source. */
export type OwnPlan = SourcePlan & { readonly sourceId: string };

/**
 * Holds an event against its rule, then what is left of it against the common rule, and does what the source asks for
 * (spec tracking-api §11). The given event stays as it is.
 */
export function judgeEvent(
  event: JsonObject,
  type: EventType,
  plan: CompiledPlan,
  source: OwnPlan,
): PlanJudgement {
  const judging = new Judging(event, type, source);
  const rule = plan.rule(type, event);
  // Every plan has the event of consent tools, without naming it.
  const isNamed = rule !== undefined || event['event'] === consentEvent;
  if (type === 'track' && !isNamed) judging.unplannedEvent();
  if (rule !== undefined) {
    judging.ownRule(rule.unplanned(event, judging.bag), rule.faults(event));
  }
  const common = plan.common(event);
  if (common !== undefined) judging.commonRule(common.faults(judging.event));
  return judging.end();
}

class Judging {
  event: JsonObject;
  readonly bag: 'properties' | 'traits';
  readonly #type: EventType;
  readonly #source: OwnPlan;
  readonly #violations: PlanViolation[] = [];
  readonly #omitted: string[] = [];
  readonly #omittedOnViolation: string[] = [];
  #blocked: DiscardCode | undefined;

  constructor(event: JsonObject, type: EventType, source: OwnPlan) {
    this.event = event;
    this.#type = type;
    this.#source = source;
    this.bag = type === 'identify' || type === 'group' ? 'traits' : 'properties';
  }

  unplannedEvent(): void {
    const description = 'The event is not in the tracking plan';
    this.#violations.push({ type: 'Unplanned', field: 'event', description });
    if (!this.#source.track.allowUnplannedEvents) this.#blocked = 'unplanned';
  }

  ownRule(unplanned: readonly (readonly string[])[], faults: readonly SchemaFault[]): void {
    const names = new Set(unplanned.map((path) => path.join('.')));
    for (const path of unplanned) {
      const description = `${path.at(-1)} is not in the tracking plan`;
      this.#tell({ type: 'Unplanned', field: path.join('.'), description });
    }
    // What a closed schema says of them is the same again.
    const told = faults.filter(
      ({ kind, path }) => kind !== 'Unplanned' || !names.has(path.join('.')),
    );
    for (const fault of told) this.#tell(violationOf(fault));
    if (faults.length > 0) this.#onViolations(faults, unplanned.length > 0);
    if (this.#omitsUnplanned) for (const path of unplanned) this.#omit(path, this.#omitted);
  }

  commonRule(faults: readonly SchemaFault[]): void {
    if (faults.length === 0) return;
    for (const fault of faults) this.#tell(violationOf(fault));
    const breach = this.#part?.common;
    if (breach === 'BLOCK') this.#blocked ??= 'common_schema_violation';
    if (breach === 'OMIT') this.#omitFaults(faults);
  }

  end(): PlanJudgement {
    const violations = this.#violations;
    if (this.#blocked !== undefined)
      return { event: this.event, violations, blocked: this.#blocked };
    if (violations.length === 0) return { event: this.event, violations };
    const before = valueAt(this.event, ['context', 'protocols']);
    const protocols = {
      ...(isJsonObject(before) && before),
      sourceId: this.#source.sourceId,
      ...(this.#omitted.length > 0 && { omitted: this.#omitted }),
      ...(this.#omittedOnViolation.length > 0 && {
        omitted_on_violation: this.#omittedOnViolation,
      }),
      violations: violations.map((one) => ({ ...one })),
    };
    return { event: withValueAt(this.event, ['context', 'protocols'], protocols), violations };
  }

  get #part() {
    const { track, identify, group } = this.#source;
    const parts: Partial<Record<EventType, typeof track | typeof identify>> = {
      track,
      identify,
      group,
    };
    return parts[this.#type];
  }

  get #omitsUnplanned(): boolean {
    const { track, identify, group } = this.#source;
    if (this.#type === 'track') return !track.allowUnplannedEventProperties;
    if (this.#type === 'identify') return !identify.allowUnplannedTraits;
    return this.#type === 'group' && !group.allowUnplannedTraits;
  }

  /** Properties that are allowed to break the rule are left, whatever is said of the event. */
  #onViolations(faults: readonly SchemaFault[], hasUnplanned: boolean): void {
    const { track, identify, group } = this.#source;
    if (this.#type === 'track' && !track.allowPropertiesOnViolations) {
      if (track.allowEventOnViolations) this.#omitFaults(faults);
      else this.#blocked ??= hasUnplanned ? 'unplanned_and_schema_violation' : 'schema_violation';
    }
    if (this.#type === 'identify' && !identify.allowTraitsOnViolations) this.#omitFaults(faults);
    if (this.#type === 'group' && !group.allowTraitsOnViolations) this.#omitFaults(faults);
  }

  /** What is at fault in a list takes the list with it. */
  #omitFaults(faults: readonly SchemaFault[]): void {
    for (const { path } of faults) {
      const end = path.findIndex((key) => typeof key === 'number');
      const keys = (end === -1 ? path : path.slice(0, end)).map(String);
      const isIn = keys[0] === this.bag && keys.length > 1;
      if (isIn && valueAt(this.event, keys) !== undefined)
        this.#omit(keys, this.#omittedOnViolation);
    }
  }

  #omit(path: readonly string[], list: string[]): void {
    this.event = withoutPath(
      this.event,
      path.filter((key) => key !== '$'),
    );
    list.push(path.join('.'));
  }

  #tell(violation: PlanViolation): void {
    if (this.#violations.length < limits.planViolations) this.#violations.push(violation);
  }
}

function violationOf({ kind, path, description }: SchemaFault): PlanViolation {
  const field = path.map((key) => (typeof key === 'number' ? '$' : key)).join('.');
  return { type: kind, field: field === '' ? '(root)' : field, description };
}
