import type { ClientSettings } from '../../core/client-settings.ts';
import type { DiscardCode } from '../../core/discard-codes.ts';
import type { EventType } from '../../core/event.ts';
import { mappedObject, ownValue, withKey } from '../../core/event-paths.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';

type Plan = NonNullable<ClientSettings['plan']>;

/** The switches of a source's schema: which events it lets pass, which traits. The clients read the same (spec tracking-api §2.5). */
export class SchemaSwitches {
  readonly #plan: Plan;

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  /** The event without the traits that are off, or why it goes no further. */
  apply(event: JsonObject, type: EventType): JsonObject | DiscardCode {
    if (type === 'track') {
      const { track = {} } = this.#plan;
      return isOn(track, String(event['event'])) ? event : 'event_setting';
    }
    const off = type === 'identify' || type === 'group' ? this.#plan[type] : undefined;
    const { traits } = event;
    if (off === undefined || !isJsonObject(traits)) return event;
    if (Object.keys(traits).every((name) => isOn(off, name))) return event;
    const left = mappedObject(traits, (name, value) => (isOn(off, name) ? value : undefined));
    return withKey(event, 'traits', left);
  }
}

/** Undefined where nothing is switched off: then nothing is asked of any event. */
export function schemaSwitches(plan: Plan | undefined): SchemaSwitches | undefined {
  const isOffSomewhere = [plan?.track, plan?.identify, plan?.group].some((part = {}) =>
    Object.keys(part).some((name) => !isOn(part, name)),
  );
  return plan !== undefined && isOffSomewhere ? new SchemaSwitches(plan) : undefined;
}

/** What has no entry is as the entry `__default` says. */
function isOn(part: JsonObject, name: string): boolean {
  const entry = ownValue(part, name) ?? ownValue(part, '__default');
  return !isJsonObject(entry) || entry['enabled'] !== false;
}
