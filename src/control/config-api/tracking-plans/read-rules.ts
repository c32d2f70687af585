import { isJsonObject, type Json, type JsonObject } from '../../../core/json.ts';
import { InputFailure } from '../../input-failure.ts';
import type { GivenRule } from '../../tracking-plans/rules/check-rules.ts';
import { type RuleRow, ruleKeyText, ruleTypes } from '../../tracking-plans/rules/rule-key.ts';
import { newest, singleRules } from './rules-tree.ts';

const at = 'tracking_plan.rules';

/** Rules of the shared model, and where in the tree each of them stood. */
export interface PlacedRules {
  readonly rules: readonly GivenRule[];
  /** The field of this API that a field of the model is about. */
  readonly rename: (field: string) => string;
}

/**
 * A tree of rules as those of the shared model. `before` are the rules of the plan: what the tree cannot show of
 * them stays. Throws `input_validation` for what is no tree.
 */
export function readRules(tree: JsonObject, before: readonly RuleRow[]): PlacedRules {
  for (const old of ['identify_traits', 'group_traits']) {
    const list = tree[old] ?? [];
    if (Array.isArray(list) && list.length === 0) continue;
    throw bad(`${at}.${old}`, 'is of a form that is no longer kept: use the schema beside it');
  }
  const placed = [...singles(tree, before), ...events(tree['events'] ?? [])];
  const places = placed.map(({ place }) => place);
  const shown = new Set(
    Object.values(singleRules).flatMap((type) => keyTexts(newest(before, type))),
  );
  const kept = before
    .filter((row) => row.type !== 'TRACK' && !shown.has(ruleKeyText(row)))
    .flatMap(givenRule);
  return {
    rules: [...placed.map(({ rule }) => rule), ...kept],
    rename: (field) =>
      field.replace(/^rules\.(\d+)(\.jsonSchema)?/, (_all, index, schema) => {
        const { outer = at, inner = at } = places[Number(index)] ?? {};
        return schema === undefined ? outer : inner;
      }),
  };
}

interface Placed {
  readonly rule: GivenRule;
  readonly place: { readonly outer: string; readonly inner: string };
}

/** No schema, or an empty one, is no rule. The key and version of the rule it takes the place of stay. */
function singles(tree: JsonObject, before: readonly RuleRow[]): Placed[] {
  return Object.entries(singleRules).flatMap(([name, type]): Placed[] => {
    const jsonSchema = tree[name] ?? {};
    const place = `${at}.${name}`;
    if (!isJsonObject(jsonSchema)) throw bad(place, 'must be of type object');
    if (Object.keys(jsonSchema).length === 0) return [];
    const old = newest(before, type);
    const key = old === undefined || old.key === '' ? {} : { key: old.key };
    const rule: GivenRule = { type, ...key, version: old?.version ?? 1, jsonSchema };
    return [{ rule, place: { outer: place, inner: place } }];
  });
}

function events(list: Json): Placed[] {
  if (!Array.isArray(list)) throw bad(`${at}.events`, 'must be an array');
  return list.map((event, index): Placed => {
    const place = `${at}.events.${index}`;
    if (!isJsonObject(event)) throw bad(place, 'must be of type object');
    const { name, version = 1, description = '', rules = {} } = event;
    if (typeof name !== 'string' || name === '' || name.length > 255) {
      throw bad(`${place}.name`, 'must be a string of 1 to 255 characters');
    }
    if (typeof version !== 'number') throw bad(`${place}.version`, 'must be an integer');
    if (typeof description !== 'string') throw bad(`${place}.description`, 'must be a string');
    if (!isJsonObject(rules)) throw bad(`${place}.rules`, 'must be of type object');
    const jsonSchema = description === '' ? rules : { ...rules, description };
    const rule: GivenRule = { type: 'TRACK', key: name, version, jsonSchema };
    return { rule, place: { outer: place, inner: `${place}.rules` } };
  });
}

function keyTexts(row: RuleRow | undefined): string[] {
  return row === undefined ? [] : [ruleKeyText(row)];
}

function givenRule(row: RuleRow): GivenRule[] {
  const type = ruleTypes.find((known) => known === row.type);
  if (type === undefined) return [];
  const { key, version } = row;
  return [{ type, ...(key !== '' && { key }), version, jsonSchema: JSON.parse(row.json_schema) }];
}

function bad(field: string, text: string): InputFailure {
  return new InputFailure([{ field, message: `"${field}" ${text}` }]);
}
