import { createHash } from 'node:crypto';
import {
  type ActionField,
  type ActionHook,
  type DestinationAction,
  type DestinationPreset,
  type HookField,
  mappingHooks,
} from '../../../src/core/actions-destination.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../src/core/json.ts';

/** The package names no ids of actions and fields: these are stable, as long as their names are. */
function idOf(...names: readonly string[]): string {
  return createHash('sha256').update(names.join(' ')).digest('base64url').slice(0, 22);
}

export function describeAction(
  kindId: string,
  slug: string,
  action: JsonObject,
): DestinationAction {
  const fields = Object.entries(objectIn(action['fields']));
  const hooks = describeHooks(objectIn(action['hooks']));
  const syncMode = objectIn(action['syncMode']);
  return {
    id: idOf(kindId, slug),
    slug,
    name: textIn(action['title']),
    description: textIn(action['description']),
    platform: 'CLOUD',
    hidden: action['hidden'] === true,
    defaultTrigger: textIn(action['defaultSubscription']) || null,
    fields: fields.map(([key, field], index) =>
      describeField(idOf(kindId, slug, key), key, objectIn(field), index),
    ),
    ...(hooks.length > 0 && { hooks }),
    ...(isJsonObject(action['syncMode']) && {
      syncMode: {
        default: textIn(syncMode['default']),
        choices: listIn(syncMode['choices']).map(({ label, value }) => ({
          label: textIn(label),
          value: textIn(value),
        })),
      },
    }),
  };
}

function describeHooks(hooks: JsonObject): ActionHook[] {
  return mappingHooks.flatMap((type) => {
    const hook = hooks[type];
    if (!isJsonObject(hook)) return [];
    return [
      {
        type,
        label: textIn(hook['label']),
        description: textIn(hook['description']),
        inputFields: describeHookFields(objectIn(hook['inputFields'])),
        outputFields: describeHookFields(objectIn(hook['outputTypes'])),
      },
    ];
  });
}

export function describeHookFields(fields: JsonObject): HookField[] {
  return Object.entries(fields).map(([key, value]) => {
    const { label, type, description, required, multiple, dynamic, choices, ...more } =
      objectIn(value);
    return {
      key,
      label: textIn(label),
      type: textIn(type),
      description: textIn(description),
      required: required === true,
      multiple: multiple === true,
      dynamic: dynamic === true,
      ...(choices !== undefined && { choices }),
      ...(more['default'] !== undefined && { defaultValue: more['default'] }),
    };
  });
}

/**
 * A preset for one event of Segment's audiences and journeys has no trigger in the package, but the name
 * of that event: its trigger here is the event of this name.
 */
export function describePreset(kindId: string, preset: JsonObject): DestinationPreset {
  const { name, partnerAction, mapping, subscribe, eventSlug } = preset;
  return {
    actionId: idOf(kindId, textIn(partnerAction)),
    name: textIn(name),
    fields: objectIn(mapping),
    trigger: textIn(subscribe) || `event = "${textIn(eventSlug)}"`,
  };
}

const fieldTypes: Readonly<Record<string, ActionField['type']>> = {
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

function describeField(
  id: string,
  fieldKey: string,
  field: JsonObject,
  sortOrder: number,
): ActionField {
  const { placeholder, choices, default: defaultValue } = field;
  return {
    id,
    sortOrder,
    fieldKey,
    label: textIn(field['label']),
    type: fieldTypes[textIn(field['type'])] ?? 'STRING',
    description: textIn(field['description']),
    ...(typeof placeholder === 'string' && { placeholder }),
    ...(defaultValue !== undefined && { defaultValue }),
    // Where it is required only together with others, the vendor's code says so.
    required: field['required'] === true,
    multiple: field['multiple'] === true,
    ...(choices !== undefined && { choices }),
    dynamic: field['dynamic'] === true,
    allowNull: field['allowNull'] === true,
    ...(field['unsafe_hidden'] === true && { hidden: true }),
  };
}

export function textIn(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

function listIn(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

export function objectIn(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}
