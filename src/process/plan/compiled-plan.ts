import type { EventType } from '../../core/event.ts';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import type { PlanRule, TrackingPlanConfig } from '../../core/tracking-plan.ts';
import type { CompilePattern } from './json-schema/schema-run.ts';
import { PlannedEvent } from './planned-event.ts';

const ruleTypes = {
  track: 'TRACK',
  identify: 'IDENTIFY',
  group: 'GROUP',
  page: 'PAGE',
  screen: 'SCREEN',
  alias: undefined,
} as const satisfies Record<EventType, PlanRule['type'] | undefined>;

/** The rules of a tracking plan, found by the events they are for. */
export class CompiledPlan {
  readonly id: string;
  readonly name: string;
  /** By type, and of track calls by name; each the oldest first. */
  readonly #rules = new Map<string, PlannedEvent[]>();

  constructor({ id, name, rules }: TrackingPlanConfig, pattern: CompilePattern) {
    this.id = id;
    this.name = name;
    const inOrder = rules.toSorted((a, b) => a.version - b.version);
    for (const rule of inOrder) {
      const place = placeOf(rule.type, rule.key);
      const versions = this.#rules.get(place) ?? [];
      versions.push(new PlannedEvent(rule, pattern));
      this.#rules.set(place, versions);
    }
  }

  /** The rule of an event: that of the version it names, else the oldest. */
  rule(type: EventType, event: JsonObject): PlannedEvent | undefined {
    const ruleType = ruleTypes[type];
    return ruleType && this.#find(placeOf(ruleType, event['event']), event);
  }

  /** The rule for every event. */
  common(event: JsonObject): PlannedEvent | undefined {
    return this.#find('COMMON', event);
  }

  #find(place: string, event: JsonObject): PlannedEvent | undefined {
    const versions = this.#rules.get(place);
    if (versions === undefined) return undefined;
    const wanted = versions.length > 1 ? versionOf(event) : undefined;
    return versions.find(({ version }) => version === wanted) ?? versions[0];
  }
}

function placeOf(type: PlanRule['type'], key: Json | undefined): string {
  return type === 'TRACK' ? `TRACK ${typeof key === 'string' ? key : ''}` : type;
}

function versionOf({ context }: JsonObject): Json | undefined {
  const protocols = isJsonObject(context) ? context['protocols'] : undefined;
  return isJsonObject(protocols) ? protocols['event_version'] : undefined;
}
