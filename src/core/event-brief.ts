import type { EventType } from './event.ts';
import { isJsonObject, type Json, type JsonObject } from './json.ts';
import type { EventBrief } from './records.ts';
import { countedName, countedVersion } from './usage/usage.ts';

/** What the record of a finished event says of it. */
export function briefOf(type: EventType, event: JsonObject): EventBrief {
  const name = countedName(type, event['event']);
  const version = countedVersion(event['context']);
  return [name, version, goesAnywhere(event) ? 1 : 0];
}

function goesAnywhere({ integrations, _metadata }: JsonObject): boolean {
  return isAllOn(integrations) && !hasBundled(_metadata);
}

/** No destination is off, and none has options. */
function isAllOn(integrations: Json | undefined): boolean {
  if (!isJsonObject(integrations)) return true;
  for (const name in integrations) if (integrations[name] !== true) return false;
  return true;
}

function hasBundled(metadata: Json | undefined): boolean {
  return isJsonObject(metadata) && Array.isArray(metadata['bundled']);
}
