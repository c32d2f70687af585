import { isJsonObject, type Json } from '../../../core/json.ts';
import type { GivenAction } from '../../destinations/filters/check-filter.ts';
import { InputFailure } from '../../input-failure.ts';
import { type Static, Type } from '../../schemas/type.ts';
import { actionTypes, FilterActionInput, givenActions } from './filter.ts';

export const FilterActionsInput = Type.Array(FilterActionInput, { maxItems: 20 });

/** Fields of the shared model as this API names them; `''` is the filter as a whole. */
export function filterField(field: string): string {
  return field === '' || field.startsWith('filter.') ? field : `filter.${field}`;
}

/** Actions of a body that its schema has seen. Throws `input_validation` for a type that is none. */
export function readActions(given: Static<typeof FilterActionsInput>): GivenAction[] {
  for (const [index, { type }] of given.entries()) {
    if (!actionTypes.includes(type)) {
      throw bad(`${index}.type`, `must be one of [${actionTypes.join(', ')}]`);
    }
  }
  return givenActions(given);
}

/** Actions that an update mask names. Throws `input_validation` with the field. */
export function readMaskedActions(given: readonly Json[]): GivenAction[] {
  if (given.length > 20) throw bad('', 'must contain less than or equal to 20 items');
  return readActions(
    given.map((action, index) => {
      if (!isJsonObject(action)) throw bad(`${index}`, 'must be of type object');
      const { type, fields, percent, path } = action;
      if (typeof type !== 'string') throw bad(`${index}.type`, 'must be a string');
      if (fields !== undefined && !isJsonObject(fields)) {
        throw bad(`${index}.fields`, 'must be of type object');
      }
      if (percent !== undefined && typeof percent !== 'number') {
        throw bad(`${index}.percent`, 'must be a number');
      }
      if (path !== undefined && typeof path !== 'string') {
        throw bad(`${index}.path`, 'must be a string');
      }
      return {
        type,
        ...(fields !== undefined && { fields }),
        ...(percent !== undefined && { percent }),
        ...(path !== undefined && { path }),
      };
    }),
  );
}

function bad(place: string, text: string): InputFailure {
  const field = place === '' ? 'filter.actions' : `filter.actions.${place}`;
  return new InputFailure([{ field, message: `"${field}" ${text}` }]);
}
