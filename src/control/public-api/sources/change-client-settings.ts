import { isJsonObject, type Json, type JsonObject } from '../../../core/json.ts';
import { limits } from '../../../core/limits.ts';
import { InputFailure, type InputProblem } from '../../input-failure.ts';
import type { Static } from '../../schemas/type.ts';
import { describeProblems, oneForEachField } from '../frame/schema-problems.ts';
import { ClientSettingsModel } from '../models/client-settings.ts';

/**
 * The settings after a change, by JSON Merge Patch (RFC 7396): objects are merged at every level, null takes a key
 * away, anything else replaces. Rejects with `InputFailure` that names each wrong field.
 */
export async function changedClientSettings(
  stored: JsonObject,
  change: JsonObject,
): Promise<Static<typeof ClientSettingsModel>> {
  const { Value } = await import('typebox/value');
  const changed = mergePatch(stored, change);
  if (!Value.Check(ClientSettingsModel, changed)) {
    const problems = Value.Errors(ClientSettingsModel, changed);
    throw new InputFailure(describeProblems(problems.flatMap(oneForEachField)));
  }
  const problems = (changed.middlewareSettings?.routingRules ?? []).flatMap(ruleProblems);
  if (JSON.stringify(changed).length > limits.clientSettingsLength) {
    const most = `must be shorter than ${limits.clientSettingsLength} characters`;
    problems.push({ field: '', message: `The settings of a source ${most} as JSON` });
  }
  if (problems.length > 0) throw new InputFailure(problems);
  return changed;
}

function mergePatch(target: JsonObject, change: JsonObject): JsonObject {
  const merged = new Map<string, Json | undefined>(Object.entries(target));
  for (const [key, value] of Object.entries(change)) {
    if (value === null || value === undefined) merged.delete(key);
    else if (isJsonObject(value)) {
      const before = merged.get(key);
      merged.set(key, mergePatch(isJsonObject(before) ? before : {}, value));
    } else merged.set(key, value);
  }
  return Object.fromEntries(merged);
}

interface RoutingRule {
  readonly matchers: readonly { readonly type: string; readonly ir: string }[];
  readonly transformers: readonly unknown[];
}

/** analytics.js parses the conditions at each event, and takes the transformers by the place of their condition. */
function ruleProblems({ matchers, transformers }: RoutingRule, index: number): InputProblem[] {
  const at = `middlewareSettings.routingRules.${index}`;
  const problems = matchers.flatMap(({ type, ir }, place) => {
    const field = `${at}.matchers.${place}.ir`;
    return type === 'all' || isJson(ir) ? [] : [{ field, message: `"${field}" must be JSON text` }];
  });
  if (matchers.length !== transformers.length) {
    const field = `${at}.transformers`;
    problems.push({ field, message: `"${field}" must have one list for each matcher` });
  }
  return problems;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    // Which part of it is wrong, the caller cannot use.
    return false;
  }
}
