import type { Environment } from '../../environment.ts';
import { InputFailure } from '../../input-failure.ts';
import { type DestinationRow, kindOf } from '../find-destination.ts';

/** Throws `input_validation` for a trigger that the code of the destination cannot read as it is meant. */
export async function requireTrigger(
  { catalog, probe }: Environment,
  destination: DestinationRow,
  trigger: string,
): Promise<void> {
  const { slug } = kindOf(catalog, destination);
  const problem = await probe?.triggerProblem(slug, trigger);
  if (problem === undefined) return;
  throw new InputFailure([{ field: 'trigger', message: `"trigger" is not valid: ${problem}` }]);
}
