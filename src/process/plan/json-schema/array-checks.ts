import type { Json, JsonObject } from '../../../core/json.ts';
import { canonicalText } from './canonical-text.ts';
import type { Check, SchemaContext, SchemaRun } from './schema-run.ts';

/** What is said of lists. */
export function* arrayChecks(schema: JsonObject, context: SchemaContext): Generator<Check> {
  const { items, additionalItems, contains, minItems, maxItems, uniqueItems } = schema;
  if (Array.isArray(items)) {
    const checks = items.map((item: Json) => context.compile(item));
    const others = context.compile(additionalItems);
    yield onArray((list, run) => allOf(list, run, (index) => checks[index] ?? others));
  } else if (items !== undefined) {
    const check = context.compile(items);
    yield onArray((list, run) => allOf(list, run, () => check));
  }
  if (contains !== undefined) {
    const check = context.compile(contains);
    yield onArray(
      (list, run) =>
        list.some((item) => run.passes(check, item)) ||
        run.fault('Contains', 'At least one of the items must match'),
    );
  }
  if (typeof minItems === 'number') {
    yield onArray(
      (list, run) =>
        list.length >= minItems || run.fault('Items', `Array must have at least ${minItems} items`),
    );
  }
  if (typeof maxItems === 'number') {
    yield onArray(
      (list, run) =>
        list.length <= maxItems || run.fault('Items', `Array must have at most ${maxItems} items`),
    );
  }
  if (uniqueItems === true) {
    yield onArray(
      (list, run) =>
        new Set(list.map((item) => canonicalText(item, run))).size === list.length ||
        run.fault('Items', 'Array items must be unique'),
    );
  }
}

function onArray(check: (list: readonly Json[], run: SchemaRun) => boolean): Check {
  return (value, run) => !Array.isArray(value) || check(value, run);
}

function allOf(list: readonly Json[], run: SchemaRun, checkOf: (index: number) => Check): boolean {
  let isGood = true;
  for (const [index, item] of list.entries()) {
    if (!run.at(index, checkOf(index), item)) isGood = false;
  }
  return isGood;
}
