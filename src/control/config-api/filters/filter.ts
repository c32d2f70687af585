import { isJsonObject, type Json, type JsonObject } from '../../../core/json.ts';
import type { GivenAction } from '../../destinations/filters/check-filter.ts';
import type { FilterRow } from '../../destinations/filters/find-filter.ts';
import { FreeObject } from '../../public-api/frame/schema.ts';
import { type Static, Type } from '../../schemas/type.ts';

/** An action as this API has it; `fields` by place: `{"properties":{"fields":["a"]}}`. */
export const FilterActionInput = Type.Object({
  type: Type.String(),
  fields: Type.Optional(FreeObject),
  percent: Type.Optional(Type.Number()),
  path: Type.Optional(Type.String()),
});

export const FilterOutput = Type.Object({
  name: Type.String(),
  if: Type.String(),
  actions: Type.Array(FilterActionInput),
  title: Type.String(),
  description: Type.String(),
  enabled: Type.Boolean(),
});

/** Types of actions by their names here (spec config-api §2, Destination filters). */
const types = {
  drop_event: 'DROP',
  whitelist_fields: 'ALLOW_PROPERTIES',
  blacklist_fields: 'DROP_PROPERTIES',
  sample_event: 'SAMPLE',
} as const;

/** A type that is none stays as it is, for the model to refuse. */
export const actionTypes: readonly string[] = Object.keys(types);

/** Actions as the shared model has them. */
export function givenActions(actions: readonly Static<typeof FilterActionInput>[]): GivenAction[] {
  return actions.flatMap(({ type, fields, ...rest }) => {
    const found = Object.entries(types).find(([word]) => word === type)?.[1];
    if (found === undefined) return [];
    return [{ type: found, ...rest, ...(fields && { fields: mapFields(fields, namesOf) }) }];
  });
}

/** A filter as this API shows it; its id is the one of the Public API, marked. */
export function configFilter(destination: string, row: FilterRow): Static<typeof FilterOutput> {
  const stored: readonly GivenAction[] = JSON.parse(row.actions);
  return {
    name: `${destination}/filters/df_${row.id}`,
    if: row.condition,
    actions: stored.map(({ type, fields, ...rest }) => ({
      type: Object.entries(types).find(([, known]) => known === type)?.[0] ?? type,
      ...rest,
      ...(fields && { fields: mapFields(fields, (names) => ({ fields: names })) }),
    })),
    title: row.title,
    description: row.description ?? '',
    enabled: row.enabled === 1,
  };
}

function namesOf(given: Json): Json {
  return isJsonObject(given) ? (given['fields'] ?? []) : given;
}

function mapFields(fields: JsonObject, change: (names: Json) => Json): JsonObject {
  return Object.fromEntries(
    Object.entries(fields).map(([place, names]) => [place, change(names ?? [])]),
  );
}
