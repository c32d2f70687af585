import { compileFilters } from '../../../core/filters/compile-filters.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { Environment } from '../../environment.ts';
import { InputFailure } from '../../input-failure.ts';
import { checkFilter, type GivenAction } from './check-filter.ts';

/** What a filter leaves of a payload; null when it does not pass. Throws `input_validation`, with the fields. */
export function previewFilter(
  { random }: Pick<Environment, 'random'>,
  given: { readonly if: string; readonly actions: readonly GivenAction[] },
  payload: JsonObject,
): JsonObject | null {
  const filter = compileFilters([{ if: given.if, actions: checked(given) }]);
  const chance = () => Buffer.from(random(6)).readUIntBE(0, 6) / 2 ** 48;
  if (filter === undefined || filter.refuse(payload, chance) !== undefined) return null;
  return filter.edit === undefined ? payload : filter.edit(payload);
}

/** The fields stand in `filter`. */
function checked(given: { readonly if: string; readonly actions: readonly GivenAction[] }) {
  try {
    return checkFilter(given.if, given.actions);
  } catch (error) {
    if (!(error instanceof InputFailure)) throw error;
    const within = (text: string) => text.replace(/^"/, '"filter.');
    throw new InputFailure(
      error.problems.map(({ field, message }) => ({
        field: `filter.${field}`,
        message: within(message),
      })),
    );
  }
}
