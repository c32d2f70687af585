import type { Json, JsonObject } from '../../../core/json.ts';
import { isJsonObject } from '../../../core/json.ts';
import type { Environment } from '../../environment.ts';
import { InputFailure } from '../../input-failure.ts';
import { AnyJson, nullable } from '../../public-api/frame/schema.ts';
import { Type } from '../../schemas/type.ts';
import { sourceName } from '../frame/resource-name.ts';

/** Settings as this API takes them; `type` and `display_name` say nothing that the catalogue does not. */
export const ConfigInput = Type.Array(
  Type.Object({
    /** The full name, or its last part. */
    name: Type.String({ minLength: 1 }),
    value: Type.Optional(AnyJson),
    type: Type.Optional(nullable('string')),
  }),
  { maxItems: 1_000 },
);

/** A list of settings as the shared model has them: by their names, null for one without a value. */
export function settingsOf(
  environment: Environment,
  sourceSlug: string,
  config: readonly Json[],
): JsonObject {
  const parent = `${sourceName(environment, sourceSlug)}/destinations/`;
  const byId = `workspaces/${environment.workspace.id}/sources/${sourceSlug}/destinations/`;
  return Object.fromEntries(
    config.map((entry, index) => {
      const field = `destination.config.${index}`;
      if (!isJsonObject(entry)) throw bad(field, 'must be of type object');
      const { name, value = null } = entry;
      if (typeof name !== 'string') throw bad(`${field}.name`, 'must be a string');
      const at = name.lastIndexOf('/config/');
      const isOurs = at === -1 || name.startsWith(parent) || name.startsWith(byId);
      if (!isOurs) throw bad(`${field}.name`, `must be a name in ${parent}`);
      return [at === -1 ? name : name.slice(at + '/config/'.length), value];
    }),
  );
}

/** Fields of the shared model as this API names them. */
export function configField(field: string): string {
  if (field === 'metadataId') return 'destination.name';
  return field.replace(/^settings\./, 'destination.config.');
}

function bad(field: string, text: string): InputFailure {
  return new InputFailure([{ field, message: `"${field}" ${text}` }]);
}
