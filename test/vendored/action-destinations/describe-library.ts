import { createRequire } from 'node:module';
import type { ActionsAndPresets, AudienceKind } from '../../../src/core/actions-destination.ts';
import type { SettingOption } from '../../../src/core/destination.ts';
import { type EventType, eventTypes } from '../../../src/core/event.ts';
import type { Json, JsonObject } from '../../../src/core/json.ts';
import type { LibraryEntry } from '../../../src/destinations/library/library-destinations.ts';
import { partnerCredentials } from '../../../src/destinations/library/partner-credentials.ts';
import { oauthOptions } from '../../../src/destinations/library/tokens/oauth-settings.ts';
import {
  describeAction,
  describeHookFields,
  describePreset,
  objectIn,
  textIn,
} from './describe-action.ts';
import { insideSegment } from './inside-segment.ts';

/** The files of `vendor/action-destinations` by name, as the installed package has it: all but its README. */
export function describeLibrary(): ReadonlyMap<string, string> {
  const { manifest } = createRequire(import.meta.url)('@segment/action-destinations');
  // What is a function falls away, but for those that only say that something can be asked for.
  const plain: JsonObject = JSON.parse(
    JSON.stringify(manifest, (key, value) =>
      typeof value === 'function' && told.has(key) ? true : value,
    ),
  );
  const files = new Map<string, string>();
  const entries: LibraryEntry[] = [];
  for (const [id, kind] of Object.entries(plain)) {
    const directory = textIn(objectIn(kind)['directory']);
    const definition = objectIn(objectIn(kind)['definition']);
    const details = actionsAndPresets(id, definition);
    entries.push(entry(id, directory, definition, details));
    files.set(`${directory}.json`, lines(details));
  }
  files.set('catalog.json', `[\n${entries.map((one) => JSON.stringify(one)).join(',\n')}\n]\n`);
  return files;
}

const told = new Set(['dynamic', 'createAudience']);

/** A line for each, so that a new version of the package is a change of few lines. */
function lines({ actions, presets, audience }: ActionsAndPresets): string {
  const list = (items: readonly object[]) => items.map((item) => JSON.stringify(item)).join(',\n');
  const more = audience === undefined ? '' : `,"audience":\n${JSON.stringify(audience)}\n`;
  return `{"actions":[\n${list(actions)}\n],"presets":[\n${list(presets)}\n]${more}}\n`;
}

function actionsAndPresets(id: string, definition: JsonObject): ActionsAndPresets {
  const own = objectIn(definition['actions']);
  const audience = audienceOf(definition);
  const presets = Array.isArray(definition['presets']) ? definition['presets'].map(objectIn) : [];
  return {
    actions: Object.entries(own).map(([slug, action]) =>
      describeAction(id, slug, objectIn(action)),
    ),
    // A few name an action of the browser, which is not in this package.
    presets: presets
      .filter(({ partnerAction }) => textIn(partnerAction) in own)
      .map((preset) => describePreset(id, preset)),
    ...(audience && { audience }),
  };
}

function audienceOf(definition: JsonObject): AudienceKind | undefined {
  const { audienceConfig, audienceFields } = definition;
  if (audienceConfig === undefined) return undefined;
  return {
    creates: objectIn(audienceConfig)['createAudience'] === true,
    fields: describeHookFields(objectIn(audienceFields)),
  };
}

function entry(
  id: string,
  directory: string,
  definition: JsonObject,
  details: ActionsAndPresets,
): LibraryEntry {
  const authentication = objectIn(definition['authentication']);
  const name = textIn(definition['name']);
  const obstacle = obstacleOf(name, directory);
  const sentences = [
    sentence(textIn(definition['description']).trim()) ||
      `Sends to ${name}: ${details.actions.map((action) => action.name.trim()).join(', ')}.`,
    textIn(authentication['scheme']).startsWith('oauth') && obstacle === undefined
      ? `${name} signs in with OAuth 2: register an application of your own with its vendor.`
      : '',
    obstacle ?? '',
  ];
  return {
    id,
    slug: textIn(definition['slug']),
    name,
    description: sentences.filter((text) => text !== '').join(' '),
    website: '',
    categories: [],
    supports: supported(details),
    options: [
      ...Object.entries(objectIn(authentication['fields'])).map(([key, setting]) =>
        option(key, objectIn(setting)),
      ),
      ...(textIn(authentication['scheme']).startsWith('oauth') ? oauthOptions : []),
    ],
    ...(obstacle !== undefined && { obstacle }),
    directory,
  };
}

/** Why it cannot work here as it is. */
function obstacleOf(name: string, directory: string): string | undefined {
  if (insideSegment.has(directory)) {
    return `${name} hands over to a service inside Segment's own cloud: it cannot work on a server of one's own.`;
  }
  const names = partnerCredentials[directory];
  if (names === undefined) return undefined;
  return `${name} works only with credentials that its vendor gives to partners: it needs the operator's own, in ${names.join(', ')}.`;
}

function sentence(text: string): string {
  return text === '' || /[.!?]$/.test(text) ? text : `${text}.`;
}

/** The calls that its triggers speak of; all where none speaks of any. */
function supported({ actions, presets }: ActionsAndPresets): EventType[] {
  const triggers = [
    ...actions.map(({ defaultTrigger }) => defaultTrigger ?? ''),
    ...presets.map(({ trigger }) => trigger),
  ].join(' ');
  const spoken = eventTypes.filter((type) =>
    new RegExp(`\\btype\\s*=\\s*.?${type}\\b`, 'i').test(triggers),
  );
  return spoken.length > 0 ? spoken : [...eventTypes];
}

function option(name: string, setting: JsonObject): SettingOption {
  const { type, label, description, required, default: defaultValue, multiple } = setting;
  const own = type === 'boolean' || type === 'number' || type === 'password' ? type : 'string';
  return {
    name,
    label: textIn(label),
    description: [sentence(textIn(description).trim()), choicesOf(setting['choices'])]
      .filter((text) => text !== '')
      .join(' '),
    type: multiple === true ? 'array' : own,
    required: required === true,
    ...(isSimple(defaultValue) && { defaultValue }),
  };
}

function choicesOf(choices: Json | undefined): string {
  if (!Array.isArray(choices) || choices.length === 0) return '';
  const values = choices.map((choice) => objectIn(choice)['value'] ?? choice);
  return `One of: ${values.map((value) => String(value)).join(', ')}.`;
}

function isSimple(value: Json | undefined): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}
