import type { Kysely } from 'kysely';
import type { Json, JsonObject } from '../../../core/json.ts';
import type { ControlTables } from '../../../core/tables/control-tables.ts';
import type { WriteContext } from '../../context.ts';
import { InputFailure } from '../../input-failure.ts';
import { Type } from '../../schemas/type.ts';
import { changeSchemaSettings, readSchemaSettings } from '../../sources/schema-settings.ts';
import { configWrite } from '../frame/config-operation.ts';
import { lastPart, workspaceName } from '../frame/resource-name.ts';
import {
  type Masked,
  maskedFlag,
  maskedText,
  maskKeys,
  ResourceInput,
  readMasked,
} from '../frame/update-mask.ts';
import { findNamedSource } from './find-named-source.ts';
import {
  SchemaConfig,
  schemaChoices,
  schemaConfig,
  schemaFlags,
  schemaForwards,
} from './schema-config.ts';

const key = 'schema_config';

export const updateSchemaConfig = configWrite({
  operationId: 'configUpdateSchemaConfig',
  method: 'PATCH',
  path: '/workspaces/{workspace}/sources/{source}/schema-config',
  tag: 'Sources',
  summary: 'Changes what a source does with events that its tracking plan does not have',
  permission: 'write',
  area: 'source',
  audit: { type: 'Source Settings Modified', resourceType: 'source' },
  body: Type.Object({ schema_config: ResourceInput, ...maskKeys }),
  response: SchemaConfig,
  handle: async (context, { params, body }) => {
    const row = await findNamedSource(context.db, params.source);
    const masked = readMasked(body, key, [
      ...keysOf(schemaFlags),
      ...keysOf(schemaChoices),
      ...keysOf(schemaForwards),
    ]);
    const before = readSchemaSettings(row);
    const changed = await changeSchemaSettings(context, row, {
      ...changedParts(masked),
      ...(await forwards(context, masked, before)),
    });
    return {
      data: await schemaConfig(context, changed),
      audited: {
        resourceId: row.id,
        resourceName: row.name,
        before: { settings: before },
        after: { settings: readSchemaSettings(changed) },
      },
    };
  },
});

function keysOf<Key extends string>(object: Readonly<Record<Key, unknown>>): Key[] {
  const keys: Key[] = [];
  for (const name in object) keys.push(name);
  return keys;
}

function changedParts(masked: Masked<string>): JsonObject {
  const parts: Record<'track' | 'identify' | 'group', Record<string, Json>> = {
    track: {},
    identify: {},
    group: {},
  };
  for (const field of keysOf(schemaFlags)) {
    const value = maskedFlag(masked, key, field);
    const [part, name] = schemaFlags[field];
    if (value !== undefined) parts[part][name] = value;
  }
  for (const field of keysOf(schemaChoices)) {
    const value = maskedText(masked, key, field);
    if (value === undefined) continue;
    const [part, choices] = schemaChoices[field];
    const chosen = choices.find((choice) => choice === (value || 'ALLOW'));
    if (chosen === undefined) {
      const message = `"${key}.${field}" must be one of [${choices.join(', ')}]`;
      throw new InputFailure([{ field: `${key}.${field}`, message }]);
    }
    parts[part]['commonEventOnViolations'] = chosen;
  }
  return parts;
}

/** Both, since what is left out of a change of the schema settings is forwarded no longer. */
async function forwards(
  { db, environment }: WriteContext,
  masked: Masked<string>,
  before: JsonObject,
): Promise<JsonObject> {
  const next: Record<string, Json> = {};
  for (const field of keysOf(schemaForwards)) {
    const stored = before[schemaForwards[field]];
    const given = maskedText(masked, key, field);
    if (given === undefined) {
      if (stored !== undefined && (await isThere(db, stored))) next[schemaForwards[field]] = stored;
    } else if (given !== '') {
      const collection = `${workspaceName(environment)}/sources`;
      const slug = lastPart(environment, `${key}.${field}`, given, collection);
      const query = db.selectFrom('source').select('id').where('slug', '=', slug);
      const found = await query.executeTakeFirst();
      if (found === undefined) {
        const message = `"${key}.${field}" is not a source`;
        throw new InputFailure([{ field: `${key}.${field}`, message }]);
      }
      next[schemaForwards[field]] = found.id;
    }
  }
  return next;
}

async function isThere(db: Kysely<ControlTables>, id: Json): Promise<boolean> {
  const query = db.selectFrom('source').select('id').where('id', '=', String(id));
  return (await query.executeTakeFirst()) !== undefined;
}
