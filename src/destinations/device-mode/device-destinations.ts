import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SettingOption } from '../../core/destination.ts';
import type {
  DeviceAction,
  DeviceDestination,
  DeviceSubscription,
} from '../../core/device-mode.ts';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';

const folder = join(import.meta.dirname, '..', '..', '..', 'vendor', 'browser-destinations');

/**
 * The kinds of destinations that analytics.js delivers to from the page: those of Segment's
 * `@segment/browser-destinations`, from the files that come with Tributary (docs/decisions/device-mode.md).
 */
export async function readDeviceDestinations(): Promise<DeviceDestination[]> {
  const read = async (name: string): Promise<Json> =>
    JSON.parse(await readFile(join(folder, name), 'utf8'));
  const [kinds, files] = await Promise.all([read('catalog.json'), read('files.json')]);
  assert(Array.isArray(kinds) && isJsonObject(files), 'vendor/browser-destinations is whole');
  return kinds.filter(isJsonObject).map((kind) => destination(kind, files));
}

function destination(kind: JsonObject, files: JsonObject): DeviceDestination {
  const path = text(kind['bundle']);
  const integrityOf = (name: string) => text(object(files[name])['integrity']);
  const chunks = Array.isArray(kind['chunks']) ? kind['chunks'].map(text) : [];
  const actions = Object.entries(object(kind['actions'])).map(([slug, action]) =>
    deviceAction(slug, object(action)),
  );
  const presets = Array.isArray(kind['presets']) ? kind['presets'].filter(isJsonObject) : [];
  return {
    ...ownName(kind),
    description: text(kind['description']) || 'Delivered to by analytics.js, in the browser.',
    website: '',
    categories: [],
    supports: ['track', 'identify', 'page', 'group', 'alias'],
    options: Object.entries(object(kind['settings'])).map(([name, setting]) =>
      option(name, object(setting)),
    ),
    bundle: {
      path,
      libraryName: `${path.split('/')[0]}Destination`,
      integrity: integrityOf(path),
    },
    chunks: chunks.map((chunk) => ({ path: chunk, integrity: integrityOf(chunk) })),
    actions,
    presets: presets.length > 0 ? presets.map(preset) : actions.flatMap(ownPreset),
  };
}

/**
 * Two are only the browser's part of a destination that otherwise runs on the server, where its kind is the one
 * of that id: theirs is made of it.
 */
function ownName(kind: JsonObject): { id: string; slug: string; name: string } {
  const [id, slug, name] = [text(kind['id']), text(kind['slug']), text(kind['name'])];
  if (!serverKinds.has(id)) return { id, slug, name };
  const derived = createHash('sha256').update(`${id} browser`).digest('hex').slice(0, 24);
  return { id: derived, slug: `${slug}-plugins`, name: `${name} Browser Plugins` };
}

/** Amplitude and Braze. */
const serverKinds = new Set(['5f7dd6d21ad74f3842b1fc47', '60f9d0d048950c356be2e4da']);

function option(name: string, setting: JsonObject): SettingOption {
  const { type, label, description, required, default: defaultValue, multiple } = setting;
  const single = type === 'boolean' || type === 'number' ? type : 'string';
  return {
    name,
    label: text(label),
    description: text(description),
    type: multiple === true ? 'array' : single,
    required: required === true,
    ...(isSimple(defaultValue) && { defaultValue }),
  };
}

function isSimple(value: Json | undefined): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

function deviceAction(slug: string, action: JsonObject): DeviceAction {
  const { title, description, hidden, defaultSubscription, fields } = action;
  return {
    slug,
    title: text(title),
    description: text(description),
    hidden: hidden === true,
    ...(typeof defaultSubscription === 'string' && { defaultSubscription }),
    fields: object(fields),
  };
}

function preset({ name, partnerAction, subscribe, mapping }: JsonObject): DeviceSubscription {
  return {
    name: text(name),
    enabled: true,
    partnerAction: text(partnerAction),
    subscribe: text(subscribe),
    mapping: object(mapping),
  };
}

/** Kinds without presets do one or two things, each always wanted: what the action says it begins with. */
function ownPreset(action: DeviceAction): DeviceSubscription[] {
  const { slug, title, defaultSubscription, fields } = action;
  if (defaultSubscription === undefined) return [];
  const mapping = Object.fromEntries(
    Object.entries(fields).flatMap(([key, field]) => {
      const value = object(field)['default'];
      return value === undefined ? [] : [[key, value]];
    }),
  );
  return [
    { name: title, enabled: true, partnerAction: slug, subscribe: defaultSubscription, mapping },
  ];
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

function object(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}
