import type { Kysely } from 'kysely';
import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import type { ControlTables } from '../../../core/tables/control-tables.ts';
import type { ReadContext } from '../../context.ts';
import { type Static, Type } from '../../schemas/type.ts';
import type { SourceRow } from '../../sources/find-source.ts';
import { readSchemaSettings } from '../../sources/schema-settings.ts';
import { sourceName } from '../frame/resource-name.ts';

type Place = readonly [part: 'track' | 'identify' | 'group', name: string];

/** Where the schema settings have the yes and no of this API (spec config-api §3). */
export const schemaFlags = {
  allow_unplanned_track_events: ['track', 'allowUnplannedEvents'],
  allow_unplanned_track_event_properties: ['track', 'allowUnplannedEventProperties'],
  allow_unplanned_identify_traits: ['identify', 'allowUnplannedTraits'],
  allow_unplanned_group_traits: ['group', 'allowUnplannedTraits'],
  allow_track_event_on_violations: ['track', 'allowEventOnViolations'],
  allow_track_properties_on_violations: ['track', 'allowPropertiesOnViolations'],
  allow_identify_traits_on_violations: ['identify', 'allowTraitsOnViolations'],
  allow_group_traits_on_violations: ['group', 'allowTraitsOnViolations'],
} as const satisfies Record<string, Place>;

/** Where they have what is done with an event that breaks the common schema, and what may be done. */
export const schemaChoices = {
  common_track_event_on_violations: ['track', ['ALLOW', 'OMIT_PROPERTIES', 'BLOCK']],
  common_identify_event_on_violations: ['identify', ['ALLOW', 'OMIT_TRAITS', 'BLOCK']],
  common_group_event_on_violations: ['group', ['ALLOW', 'OMIT_TRAITS', 'BLOCK']],
} as const;

/** Sources to forward to: names here, ids there. */
export const schemaForwards = {
  forwarding_violations_to: 'forwardingViolationsTo',
  forwarding_blocked_events_to: 'forwardingBlockedEventsTo',
} as const;

const flag = Type.Boolean();
const text = Type.String();

export const SchemaConfig = Type.Object({
  name: text,
  parent: text,
  allow_unplanned_track_events: flag,
  allow_unplanned_track_event_properties: flag,
  allow_unplanned_identify_traits: flag,
  allow_unplanned_group_traits: flag,
  allow_track_event_on_violations: flag,
  allow_track_properties_on_violations: flag,
  allow_identify_traits_on_violations: flag,
  allow_group_traits_on_violations: flag,
  common_track_event_on_violations: text,
  common_identify_event_on_violations: text,
  common_group_event_on_violations: text,
  forwarding_violations_to: text,
  forwarding_blocked_events_to: text,
});

/** The schema settings of a source as this API shows them; '' is forwarded nowhere. */
export async function schemaConfig(
  { db, environment }: ReadContext,
  row: SourceRow,
): Promise<Static<typeof SchemaConfig>> {
  const settings = readSchemaSettings(row);
  const flagOf = (field: keyof typeof schemaFlags) => {
    const [part, name] = schemaFlags[field];
    return partOf(settings, part)[name] === true;
  };
  const choiceOf = (field: keyof typeof schemaChoices) =>
    String(partOf(settings, schemaChoices[field][0])['commonEventOnViolations']);
  const forwardOf = (field: keyof typeof schemaForwards) =>
    slugOf(db, settings[schemaForwards[field]]);
  return {
    name: `${sourceName(environment, row.slug)}/schema-config`,
    parent: sourceName(environment, row.slug),
    allow_unplanned_track_events: flagOf('allow_unplanned_track_events'),
    allow_unplanned_track_event_properties: flagOf('allow_unplanned_track_event_properties'),
    allow_unplanned_identify_traits: flagOf('allow_unplanned_identify_traits'),
    allow_unplanned_group_traits: flagOf('allow_unplanned_group_traits'),
    allow_track_event_on_violations: flagOf('allow_track_event_on_violations'),
    allow_track_properties_on_violations: flagOf('allow_track_properties_on_violations'),
    allow_identify_traits_on_violations: flagOf('allow_identify_traits_on_violations'),
    allow_group_traits_on_violations: flagOf('allow_group_traits_on_violations'),
    common_track_event_on_violations: choiceOf('common_track_event_on_violations'),
    common_identify_event_on_violations: choiceOf('common_identify_event_on_violations'),
    common_group_event_on_violations: choiceOf('common_group_event_on_violations'),
    forwarding_violations_to: await forwardOf('forwarding_violations_to'),
    forwarding_blocked_events_to: await forwardOf('forwarding_blocked_events_to'),
  };
}

function partOf(settings: JsonObject, part: string): JsonObject {
  const value = settings[part];
  return isJsonObject(value) ? value : {};
}

/** A source that is gone is forwarded to no longer. */
async function slugOf(db: Kysely<ControlTables>, id: unknown): Promise<string> {
  if (typeof id !== 'string') return '';
  const query = db.selectFrom('source').select('slug').where('id', '=', id);
  return (await query.executeTakeFirst())?.slug ?? '';
}
