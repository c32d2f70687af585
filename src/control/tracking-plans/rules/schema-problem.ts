import { isJsonObject, type Json } from '../../../core/json.ts';
import { compilePattern } from '../../../core/pattern.ts';

const types = ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'];

/** Keywords whose value is a schema, a list of schemas, or schemas by name. */
const inner = ['not', 'if', 'then', 'else', 'contains', 'propertyNames', 'additionalProperties'];
const lists = ['allOf', 'anyOf', 'oneOf'];
const maps = ['properties', 'patternProperties', 'definitions'];

const depthMost = 50;

/**
 * The first thing that makes a value no JSON Schema (drafts 4 to 7: what tracking plans hold); `at` is its place with a
 * dot before, `text` goes on from its name. Unknown keywords pass, as JSON Schema has it.
 */
export function schemaProblem(
  schema: Json | undefined,
): { readonly at: string; readonly text: string } | undefined {
  if (!isJsonObject(schema)) return { at: '', text: 'must be of type object' };
  const [first] = problemsIn(schema, '', 0);
  return first;
}

type Problem = { readonly at: string; readonly text: string };

function* problemsIn(schema: Json | undefined, at: string, depth: number): Generator<Problem> {
  if (depth > depthMost) return yield { at, text: `is nested deeper than ${depthMost}` };
  if (typeof schema === 'boolean') return;
  if (!isJsonObject(schema)) return yield { at, text: 'must be a JSON Schema' };
  yield* ownProblems(schema, at);
  for (const name of inner) {
    if (schema[name] !== undefined) yield* problemsIn(schema[name], `${at}.${name}`, depth + 1);
  }
  const items = schema['items'];
  if (Array.isArray(items)) yield* ofList(items, `${at}.items`, depth);
  else if (items !== undefined) yield* problemsIn(items, `${at}.items`, depth + 1);
  for (const name of lists) {
    const list = schema[name];
    if (list === undefined) continue;
    if (Array.isArray(list)) yield* ofList(list, `${at}.${name}`, depth);
    else yield { at: `${at}.${name}`, text: 'must be an array' };
  }
  for (const name of maps) {
    const map = schema[name];
    if (map === undefined) continue;
    if (!isJsonObject(map)) yield { at: `${at}.${name}`, text: 'must be of type object' };
    else {
      for (const [key, value] of Object.entries(map)) {
        if (name === 'patternProperties' && compilePattern(key) === undefined) {
          yield {
            at: `${at}.${name}.${key}`,
            text: 'must be named by a pattern of RE2 that is not too large',
          };
        }
        yield* problemsIn(value, `${at}.${name}.${key}`, depth + 1);
      }
    }
  }
}

function* ofList(list: readonly Json[], at: string, depth: number): Generator<Problem> {
  for (const [index, item] of list.entries()) yield* problemsIn(item, `${at}.${index}`, depth + 1);
}

function* ownProblems(schema: { readonly [key: string]: Json | undefined }, at: string) {
  const { type, required, enum: values, pattern } = schema;
  const named = Array.isArray(type) ? type : [type];
  if (type !== undefined && !named.every((name) => types.includes(String(name)))) {
    yield { at: `${at}.type`, text: `must be one of [${types.join(', ')}]` };
  }
  // Draft 3 has a boolean; clients of old plans send it, and it says nothing.
  if (required !== undefined && typeof required !== 'boolean') {
    const isNames = Array.isArray(required) && required.every((name) => typeof name === 'string');
    if (!isNames) yield { at: `${at}.required`, text: 'must be an array of strings' };
  }
  if (values !== undefined && !Array.isArray(values)) {
    yield { at: `${at}.enum`, text: 'must be an array' };
  }
  if (pattern !== undefined && typeof pattern !== 'string') {
    yield { at: `${at}.pattern`, text: 'must be a string' };
  }
  if (typeof pattern === 'string' && compilePattern(pattern) === undefined) {
    yield { at: `${at}.pattern`, text: 'must be a pattern of RE2 that is not too large' };
  }
}
