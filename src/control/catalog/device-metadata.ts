import { createHash } from 'node:crypto';
import type { DeviceAction, DeviceDestination } from '../../core/device-mode.ts';
import { isJsonObject, type Json } from '../../core/json.ts';
import type { DestinationMetadata } from '../public-api/models/destination.ts';
import type { Static } from '../schemas/type.ts';

type Metadata = Static<typeof DestinationMetadata>;
type Action = Metadata['actions'][number];
type Field = Action['fields'][number];

/** What the API says of a kind of destination that runs in the browser, other than of one that does not. */
export function deviceMetadata(
  kind: DeviceDestination,
): Pick<
  Metadata,
  'components' | 'supportedFeatures' | 'supportedPlatforms' | 'actions' | 'presets'
> {
  return {
    components: [{ type: 'BROWSER', code: kind.bundle.path, owner: 'SEGMENT' }],
    supportedFeatures: {
      cloudModeInstances: 'NONE',
      deviceModeInstances: 'SINGLE',
      replay: false,
      browserUnbundling: false,
      browserUnbundlingPublic: false,
    },
    supportedPlatforms: { browser: true, server: false, mobile: false },
    actions: kind.actions.map((action) => actionOf(kind, action)),
    presets: kind.presets.map(({ name, partnerAction, subscribe, mapping }) => ({
      actionId: idOf(kind.id, partnerAction),
      name,
      fields: mapping,
      trigger: subscribe,
    })),
  };
}

function actionOf(kind: DeviceDestination, action: DeviceAction): Action {
  const { slug, title, description, hidden, defaultSubscription = null, fields } = action;
  return {
    id: idOf(kind.id, slug),
    slug,
    name: title,
    description,
    platform: 'WEB',
    hidden,
    defaultTrigger: defaultSubscription,
    fields: Object.entries(fields).map(([key, field = null], index) =>
      fieldOf(idOf(kind.id, slug, key), key, field, index),
    ),
  };
}

const types: Readonly<Record<string, Field['type']>> = {
  boolean: 'BOOLEAN',
  datetime: 'DATETIME',
  hidden: 'HIDDEN',
  integer: 'INTEGER',
  number: 'NUMBER',
  object: 'OBJECT',
  password: 'PASSWORD',
  string: 'STRING',
  text: 'TEXT',
};

function fieldOf(id: string, fieldKey: string, declared: Json, sortOrder: number): Field {
  const field = isJsonObject(declared) ? declared : {};
  const text = (value: Json | undefined) => (typeof value === 'string' ? value : '');
  return {
    id,
    sortOrder,
    fieldKey,
    label: text(field['label']),
    type: types[text(field['type'])] ?? 'STRING',
    description: text(field['description']),
    ...(field['default'] === undefined ? {} : { defaultValue: field['default'] }),
    required: field['required'] === true,
    multiple: field['multiple'] === true,
    dynamic: false,
    allowNull: field['allowNull'] === true,
  };
}

/** The package names no ids of actions and fields: these are stable, as long as their names are. */
function idOf(...names: readonly string[]): string {
  return createHash('sha256').update(names.join(' ')).digest('base64url').slice(0, 22);
}
