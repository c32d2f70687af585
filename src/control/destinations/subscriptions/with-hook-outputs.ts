import { isDeepStrictEqual } from 'node:util';
import { mappingHooks } from '../../../core/actions-destination.ts';
import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import type { Environment } from '../../environment.ts';
import { InputFailure } from '../../input-failure.ts';
import { openedDestinationSettings } from '../destination-settings.ts';
import { type DestinationRow, kindOf } from '../find-destination.ts';

export interface SavedMapping {
  readonly destination: DestinationRow;
  /** Slug of its action. */
  readonly action: string;
  readonly mapping: JsonObject;
  /** The mapping until now; absent: the subscription is made. */
  readonly before?: JsonObject;
  /** Of the mapping in the request. */
  readonly field: string;
}

/**
 * A mapping as it is to be kept: a hook in it, `{inputs}`, has been run at the vendor, and has its `outputs`. It is run when its inputs
 * are new. Outputs that come with the inputs are kept as they are where the subscription is made, as one that was moved from
 * elsewhere has them. Throws `input_validation` with what the vendor said.
 */
export async function withHookOutputs(
  environment: Environment,
  { destination, action, mapping, before = {}, field }: SavedMapping,
): Promise<JsonObject> {
  const kept = new Map(Object.entries(mapping));
  for (const hook of mappingHooks) {
    const { inputs, outputs } = partsOf(mapping[hook]);
    if (inputs === undefined || Object.keys(inputs).length === 0) continue;
    const last = partsOf(before[hook]);
    const isKnown = last.inputs === undefined || isDeepStrictEqual(inputs, last.inputs);
    const known = isKnown ? (outputs ?? last.outputs) : undefined;
    if (known !== undefined) {
      kept.set(hook, { inputs, outputs: known });
      continue;
    }
    const kind = kindOf(environment.catalog, destination);
    const settings = openedDestinationSettings(environment, kind, destination);
    const answer = await environment.probe?.runHook?.(
      { id: destination.id, slug: kind.slug, settings },
      { action, hook, inputs, mapping, ...(last.outputs && { outputs: last.outputs }) },
    );
    if (answer === undefined) continue;
    if (answer.state === 'done') kept.set(hook, { inputs, outputs: answer.outputs });
    else throw refused(`${field}.${hook}`, answer);
  }
  return Object.fromEntries(kept);
}

function partsOf(value: unknown): { inputs?: JsonObject; outputs?: JsonObject } {
  if (!isJsonObject(value)) return {};
  const { inputs, outputs } = value;
  return {
    ...(isJsonObject(inputs) && { inputs }),
    ...(isJsonObject(outputs) && { outputs }),
  };
}

function refused(
  field: string,
  answer:
    | { readonly state: 'unsupported' }
    | { readonly state: 'failed'; readonly message: string },
): InputFailure {
  const why = answer.state === 'failed' ? answer.message : 'the action has no such hook';
  return new InputFailure([{ field, message: `"${field}": ${why}` }]);
}
