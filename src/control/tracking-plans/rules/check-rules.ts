import type { Json, JsonObject } from '../../../core/json.ts';
import { isJsonObject } from '../../../core/json.ts';
import { limits } from '../../../core/limits.ts';
import { InputFailure, type InputProblem } from '../../input-failure.ts';
import { type RuleKey, ruleKeyText } from './rule-key.ts';
import { schemaProblem } from './schema-problem.ts';

/** A rule as it is given. */
export interface GivenRule extends RuleKey {
  readonly jsonSchema: Json;
}

/** A rule whose schema is one. */
export interface CheckedRule extends RuleKey {
  readonly jsonSchema: JsonObject;
}

/** Throws `InputFailure` that names each wrong field: `rules.0.jsonSchema`. */
export function checkRules<Rule extends GivenRule>(given: readonly Rule[]): (Rule & CheckedRule)[] {
  const problems: InputProblem[] = [];
  if (given.length > limits.trackingPlanRules) problems.push(tooMany);
  const seen = new Set<string>();
  const checked = given.flatMap((rule, index) => {
    const refuse = (key: string, text: string) => {
      const field = `rules.${index}${key}`;
      problems.push({ field, message: `"${field}" ${text}` });
    };
    const text = ruleKeyText(rule);
    if (seen.has(text)) refuse('', 'has the type, key and version of another one');
    seen.add(text);
    if (rule.type === 'TRACK' && (rule.key ?? '') === '') refuse('.key', 'is required');
    if (!Number.isInteger(rule.version) || rule.version < 0) {
      refuse('.version', 'must be a whole number');
    }
    const { jsonSchema } = rule;
    const problem = schemaProblem(jsonSchema);
    if (problem !== undefined) refuse(`.jsonSchema${problem.at}`, problem.text);
    return isJsonObject(jsonSchema) ? [{ ...rule, jsonSchema }] : [];
  });
  if (problems.length > 0) throw new InputFailure(problems);
  return checked;
}

export const tooMany: InputProblem = {
  field: 'rules',
  message: `"rules" must contain less than or equal to ${limits.trackingPlanRules} items`,
};
