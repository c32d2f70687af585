import type { JsonObject } from '../../core/json.ts';
import type { SourceDefinition } from '../catalog/source-catalog.ts';
import type { Environment } from '../environment.ts';
import {
  type Asked,
  changedInstanceSettings,
  shownTogether,
} from '../functions/instances/instance-settings.ts';
import { isFunctionKind } from '../functions/workspace-kinds.ts';

type Kept = { readonly id: string; readonly settings: string };

/**
 * The settings of a source after a change, as the table keeps them: the given ones laid over, null unsets. Those of a source
 * function are held to what it declares, by what is `asked`, secrets sealed: throws `input_validation` with the field.
 */
export function changedSourceSettings(
  { secrets }: Environment,
  kind: SourceDefinition | undefined,
  row: Kept,
  given: JsonObject,
  asked: Asked,
): string {
  const stored: JsonObject = JSON.parse(row.settings);
  if (kind !== undefined && isFunctionKind(kind)) {
    const { declared } = kind;
    return JSON.stringify(changedInstanceSettings(secrets, row.id, declared, stored, given, asked));
  }
  const merged = Object.entries({ ...stored, ...given }).filter(([, value]) => value !== null);
  return JSON.stringify(Object.fromEntries(merged));
}

/** The settings as the APIs show them, secrets masked. */
export function shownSourceSettings(
  { secrets }: Environment,
  kind: SourceDefinition,
  row: Kept,
): JsonObject {
  const stored: JsonObject = JSON.parse(row.settings);
  if (!isFunctionKind(kind)) return stored;
  return shownTogether(secrets, row.id, kind.declared, stored);
}
