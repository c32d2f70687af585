import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import type { WriteContext } from '../context.ts';
import { InputFailure } from '../input-failure.ts';
import type { SourceRow } from './find-source.ts';

/** What holds where nothing is set: unplanned events and properties pass (spec public-api §6, Sources). */
const defaults = {
  track: {
    allowUnplannedEvents: true,
    allowUnplannedEventProperties: true,
    allowEventOnViolations: false,
    allowPropertiesOnViolations: true,
    commonEventOnViolations: 'ALLOW',
  },
  identify: {
    allowUnplannedTraits: true,
    allowTraitsOnViolations: true,
    commonEventOnViolations: 'ALLOW',
  },
  group: {
    allowUnplannedTraits: true,
    allowTraitsOnViolations: true,
    commonEventOnViolations: 'ALLOW',
  },
} as const;

const parts = ['track', 'identify', 'group'] as const;
/** Where to events go that were blocked, or broke a rule: ids of sources. */
const forwards = ['forwardingViolationsTo', 'forwardingBlockedEventsTo'] as const;

/** The schema settings of a source with the defaults of what is not set. */
export function readSchemaSettings(row: Pick<SourceRow, 'schema_settings'>): JsonObject {
  const stored: JsonObject = JSON.parse(row.schema_settings);
  const merged = parts.map((part) => [part, { ...defaults[part], ...objectAt(stored, part) }]);
  const forwarding = forwards.flatMap((name) => {
    const value = stored[name];
    return typeof value === 'string' ? [[name, value]] : [];
  });
  return Object.fromEntries([...merged, ...forwarding]);
}

/**
 * Lays settings over the stored ones. A place to forward to that is left out is one no longer; an unknown
 * one is `input_validation` with its field.
 */
export async function changeSchemaSettings(
  { db }: WriteContext,
  row: SourceRow,
  change: JsonObject,
): Promise<SourceRow> {
  const stored: JsonObject = JSON.parse(row.schema_settings);
  const next: Record<string, Json> = {};
  for (const part of parts) {
    const merged = { ...objectAt(stored, part), ...objectAt(change, part) };
    if (Object.keys(merged).length > 0) next[part] = merged;
  }
  for (const name of forwards) {
    const id = change[name];
    if (typeof id !== 'string') continue;
    const query = db.selectFrom('source').select('id').where('id', '=', id);
    if ((await query.executeTakeFirst()) === undefined) {
      throw new InputFailure([{ field: name, message: `"${name}" is not a source` }]);
    }
    next[name] = id;
  }
  const schema_settings = JSON.stringify(next);
  await db.updateTable('source').set({ schema_settings }).where('id', '=', row.id).execute();
  return { ...row, schema_settings };
}

function objectAt(object: JsonObject, name: string): JsonObject {
  const value = object[name];
  return isJsonObject(value) ? value : {};
}
