import { type MappingHook, mappingHooks } from '../../../core/actions-destination.ts';
import type { HookAnswer, HookCall } from '../../../core/destination-probe.ts';
import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import type { CallContext, LibraryAccount } from '../lane/library-account.ts';
import type { PackageAction } from '../package/library-package.ts';
import { answered } from './vendor-answer.ts';

/** Runs a hook of an action with what its subscription says; `savedData` of its answer is what is kept. */
export async function runHook(
  account: LibraryAccount,
  context: CallContext,
  { action, hook, inputs, outputs, mapping }: HookCall,
): Promise<HookAnswer> {
  if (account.action(action)?.hooks?.[hook] === undefined) return { state: 'unsupported' };
  const asked = await answered(
    account.call(context, mapping, async (destination, { settings, auth, ...more }) =>
      destination.actions[action]?.executeHook(hook, {
        ...{ settings, auth, payload: mapping, hookInputs: inputs },
        hookOutputs: outputs === undefined ? {} : { [hook]: { inputs, outputs } },
        ...{ features: more.features, statsContext: more.statsContext },
      }),
    ),
  );
  if ('failure' in asked) return { state: 'failed', message: asked.failure };
  const answer = isJsonObject(asked.value) ? asked.value : {};
  const { error, savedData } = answer;
  if (isJsonObject(error)) return { state: 'failed', message: String(error['message']) };
  return { state: 'done', outputs: isJsonObject(savedData) ? savedData : {} };
}

/** The input of a hook that a key `<hook>.<input>` names, where its choices come from the vendor. */
export function hookField(
  action: PackageAction | undefined,
  key: string,
): { readonly hook: MappingHook; readonly field: string; readonly dynamic: unknown } | undefined {
  const hook = mappingHooks.find((name) => key.startsWith(`${name}.`));
  if (hook === undefined) return undefined;
  const field = key.slice(hook.length + 1);
  const dynamic = action?.hooks?.[hook]?.inputFields?.[field]?.dynamic;
  return dynamic === undefined ? undefined : { hook, field, dynamic };
}

/** The inputs of a hook that a mapping has. */
export function inputsOf(mapping: JsonObject, hook: MappingHook): JsonObject {
  const own = mapping[hook];
  const inputs = isJsonObject(own) ? own['inputs'] : undefined;
  return isJsonObject(inputs) ? inputs : {};
}
