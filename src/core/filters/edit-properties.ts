import { type EditObject, editAt, mappedObject, splitPath } from '../event-paths.ts';
import { isJsonObject, type Json } from '../json.ts';
import type { FilterFields, PropertyActionType } from './filter-config.ts';

/** What every destination counts on: not to be taken away. */
const fixed = new Set(['type', 'messageId', 'timestamp', 'originalTimestamp', 'receivedAt']);
/** May lose all that is in them, but not go. */
const emptied = new Set(['context', 'integrations']);

/**
 * Makes what takes the named properties from an event, or leaves only those of the named objects. Lists on the way are
 * passed through: what is said holds for each of their items. The given event stays as it is.
 */
export function propertyEdit(type: PropertyActionType, fields: FilterFields): EditObject {
  const edits = Object.entries(fields).map(([path, names]): EditObject => {
    const keys = splitPath(path);
    const edit = withoutKeys(type, new Set(names), keys.length === 0);
    return (event) => {
      const edited = editAt(event, keys, edit);
      return isJsonObject(edited) ? edited : event;
    };
  });
  return (event) => edits.reduce((edited, edit) => edit(edited), event);
}

function withoutKeys(
  type: PropertyActionType,
  names: ReadonlySet<string>,
  isTop: boolean,
): EditObject {
  const leaves = (key: string) => names.has(key) === (type === 'DROP_PROPERTIES');
  const left = (key: string, value: Json | undefined) => {
    if (!leaves(key) || (isTop && fixed.has(key))) return value;
    return isTop && emptied.has(key) ? {} : undefined;
  };
  return (object) => (Object.keys(object).some(leaves) ? mappedObject(object, left) : object);
}
