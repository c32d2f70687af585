import { isJsonObject, type Json, type JsonObject } from '../../../core/json.ts';
import type { Check, SchemaContext } from './schema-run.ts';

/** What is said of objects. */
export function* objectChecks(schema: JsonObject, context: SchemaContext): Generator<Check> {
  const { required, minProperties, maxProperties, propertyNames, dependencies } = schema;
  if (Array.isArray(required)) {
    const names = required.filter((name) => typeof name === 'string');
    yield onObject((object, run) => {
      let isGood = true;
      for (const name of names) {
        if (!has(object, name)) isGood = run.fault('Required', `${name} is required`, name);
      }
      return isGood;
    });
  }
  yield* valueChecks(schema, context);
  if (typeof minProperties === 'number') {
    yield onObject(
      (object, run) =>
        Object.keys(object).length >= minProperties ||
        run.fault('Properties', `Must have at least ${minProperties} properties`),
    );
  }
  if (typeof maxProperties === 'number') {
    yield onObject(
      (object, run) =>
        Object.keys(object).length <= maxProperties ||
        run.fault('Properties', `Must have at most ${maxProperties} properties`),
    );
  }
  if (propertyNames !== undefined) {
    const check = context.compile(propertyNames);
    yield onObject((object, run) =>
      Object.keys(object).every(
        (name) =>
          run.passes(check, name) ||
          run.fault('Property Name', `Property name of "${name}" does not match`, name),
      ),
    );
  }
  if (isJsonObject(dependencies)) {
    for (const [name, wanted] of Object.entries(dependencies))
      yield dependency(name, wanted, context);
  }
}

function onObject(check: (object: JsonObject, run: Parameters<Check>[1]) => boolean): Check {
  return (value, run) => !isJsonObject(value) || check(value, run);
}

function has(object: JsonObject, name: string): boolean {
  return Object.hasOwn(object, name) && object[name] !== undefined;
}

function dependency(name: string, wanted: Json | undefined, context: SchemaContext): Check {
  if (!Array.isArray(wanted)) {
    const check = context.compile(wanted);
    return onObject((object, run) => !has(object, name) || check(object, run));
  }
  const names = wanted.filter((other) => typeof other === 'string');
  return onObject((object, run) => {
    if (!has(object, name)) return true;
    const missing = names.find((other) => !has(object, other));
    return (
      missing === undefined || run.fault('Required', `Has a dependency on ${missing}`, missing)
    );
  });
}

/** `properties`, `patternProperties` and `additionalProperties`. */
function* valueChecks(schema: JsonObject, context: SchemaContext): Generator<Check> {
  const { properties, patternProperties, additionalProperties } = schema;
  const named = new Map(
    Object.entries(isJsonObject(properties) ? properties : {}).map(([name, inner]) => [
      name,
      context.compile(inner),
    ]),
  );
  const patterned = Object.entries(
    isJsonObject(patternProperties) ? patternProperties : {},
  ).flatMap(([pattern, inner]) => {
    const compiled = context.pattern(pattern);
    return compiled === undefined ? [] : [{ compiled, check: context.compile(inner) }];
  });
  const others =
    additionalProperties === undefined || additionalProperties === true
      ? undefined
      : context.compile(additionalProperties);
  if (named.size === 0 && patterned.length === 0 && others === undefined) return;
  const isClosed = additionalProperties === false;
  if (patterned.length === 0 && others === undefined) {
    yield onObject((object, run) => {
      let isGood = true;
      for (const [name, check] of named) {
        const value = has(object, name) ? object[name] : undefined;
        if (value !== undefined && !run.at(name, check, value)) isGood = false;
      }
      return isGood;
    });
    return;
  }
  yield onObject((object, run) => {
    let isGood = true;
    for (const [name, value] of Object.entries(object)) {
      if (value === undefined) continue;
      if (!run.spend(1 + patterned.length)) return false;
      const own = named.get(name);
      const fitting = patterned.filter(({ compiled }) => run.fits(compiled, name));
      if (own !== undefined && !run.at(name, own, value)) isGood = false;
      for (const { check } of fitting) if (!run.at(name, check, value)) isGood = false;
      if (own !== undefined || fitting.length > 0) continue;
      if (isClosed)
        isGood = run.fault('Unplanned', `Additional property ${name} is not allowed`, name);
      else if (others !== undefined && !run.at(name, others, value)) isGood = false;
    }
    return isGood;
  });
}
