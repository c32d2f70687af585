import type { Event } from '../../src/core/event.ts';
import { isJsonObject, type JsonObject } from '../../src/core/json.ts';
import { readLibraryDestinations } from '../../src/destinations/library/library-destinations.ts';
import { parseTrigger } from '../../src/destinations/library/package/library-package.ts';
import { exampleFor } from './example-event.ts';
import { completed, exampleValue } from './example-values.ts';

/** One preset of one action, with settings, a mapping and an event that fit it. */
export interface Example {
  readonly slug: string;
  readonly directory: string;
  readonly action: string;
  readonly name: string;
  readonly trigger: string;
  readonly settings: JsonObject;
  readonly mapping: JsonObject;
  readonly event: Event | undefined;
  /** What the definition says of its settings, and of the fields of the action. */
  readonly settingFields: JsonObject;
  readonly fields: JsonObject;
}

/** An example of every preset of the library; `manifest` is what the package says of its destinations. */
export async function examples(manifest: Readonly<Record<string, JsonObject>>): Promise<Example[]> {
  const all: Example[] = [];
  for (const kind of await readLibraryDestinations()) {
    const { actions, presets } = kind.readActions();
    const entry = objectIn(manifest[kind.id]);
    const definition = objectIn(entry['definition']);
    const authentication = objectIn(definition['authentication']);
    const settingFields = objectIn(authentication['fields']);
    const signsIn = String(authentication['scheme']).startsWith('oauth');
    const signedIn = signsIn ? { oauth_access_token: 'token', oauth_refresh_token: 'more' } : {};
    for (const { actionId, name, fields, trigger } of presets) {
      const action = actions.find(({ id }) => id === actionId)?.slug ?? '';
      const about = objectIn(objectIn(definition['actions'])[action]);
      const own = objectIn(about['fields']);
      const takes = parseTrigger(trigger) ?? (() => false);
      all.push({
        ...{ slug: kind.slug, directory: String(entry['directory']), action, name, trigger },
        settings: { ...completed(settingFields, {}), ...signedIn },
        mapping: { ...syncMode(about), ...completed(own, fields) },
        event: exampleFor(trigger, takes),
        settingFields,
        fields: own,
      });
    }
  }
  return all;
}

/** What the user chooses beside the fields. */
function syncMode(action: JsonObject): JsonObject {
  const mode = action['syncMode'];
  return isJsonObject(mode) ? { __segment_internal_sync_mode: exampleValue('mode', mode) } : {};
}

function objectIn(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}
