import { isJsonObject, type Json, type JsonObject } from '../../../core/json.ts';
import { arrayChecks } from './array-checks.ts';
import { objectChecks } from './object-checks.ts';
import { scalarChecks } from './scalar-checks.ts';
import {
  type Check,
  type CompilePattern,
  type SchemaContext,
  type SchemaFault,
  SchemaRun,
} from './schema-run.ts';
import { typeCheck } from './type-check.ts';

/** What of a value is not as the schema has it; empty when all is. Never throws. */
export type Schema = (value: Json) => readonly SchemaFault[];

/**
 * Compiles a JSON Schema, drafts 4 to 7, into closures: once, in microseconds, without making code of its texts. What
 * is not understood passes, as JSON Schema has it: unknown keywords and formats, references that lead nowhere or
 * outside of the schema, patterns that are none. The words are those of the validator that Segment uses.
 */
export function compileSchema(schema: Json, pattern: CompilePattern): Schema {
  const context = new Compiler(schema, pattern);
  const check = context.compile(schema);
  return (value) => {
    const run = new SchemaRun();
    check(value, run);
    return run.faults;
  };
}

const pass: Check = () => true;

class Compiler implements SchemaContext {
  readonly pattern: CompilePattern;
  readonly #root: Json;
  readonly #references = new Map<string, { check: Check }>();

  constructor(root: Json, pattern: CompilePattern) {
    this.#root = root;
    this.pattern = pattern;
  }

  compile(schema: Json | undefined): Check {
    if (schema === false)
      return (_value, run) => run.fault('Not Allowed', 'No value is allowed here');
    if (!isJsonObject(schema)) return pass;
    const { $ref } = schema;
    const hasType = typeCheck(schema);
    const checks = [
      ...scalarChecks(schema, this),
      ...objectChecks(schema, this),
      ...arrayChecks(schema, this),
      ...combinations(schema, this),
      ...(typeof $ref === 'string' ? [this.#reference($ref)] : []),
    ];
    return (value, run) => {
      if (!run.spend(1)) return false;
      // A value of another type has no fault but that.
      if (hasType !== undefined && !hasType(value, run)) return false;
      let isGood = true;
      for (const check of checks) if (!check(value, run)) isGood = false;
      return isGood;
    };
  }

  /** Compiled when it is first met, so that a schema may refer to itself. */
  #reference(reference: string): Check {
    const known = this.#references.get(reference);
    if (known !== undefined) return (value, run) => run.follow(known.check, value);
    const made = { check: pass };
    this.#references.set(reference, made);
    made.check = this.compile(this.#find(reference));
    return (value, run) => run.follow(made.check, value);
  }

  #find(reference: string): Json | undefined {
    if (reference === '#') return this.#root;
    if (!reference.startsWith('#/')) return undefined;
    let value: Json | undefined = this.#root;
    for (const part of reference.slice(2).split('/')) {
      const key = decoded(part).replaceAll('~1', '/').replaceAll('~0', '~');
      if (Array.isArray(value)) value = value[Number(key)];
      else if (isJsonObject(value) && Object.hasOwn(value, key)) value = value[key];
      else return undefined;
    }
    return value;
  }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // Not an escape after all.
    return part;
  }
}

function* combinations(schema: JsonObject, context: SchemaContext): Generator<Check> {
  const listed = (name: string): Check[] | undefined => {
    const list = schema[name];
    return Array.isArray(list) ? list.map((part) => context.compile(part)) : undefined;
  };
  const { allOf, anyOf, oneOf } = {
    allOf: listed('allOf'),
    anyOf: listed('anyOf'),
    oneOf: listed('oneOf'),
  };
  if (allOf !== undefined) {
    yield (value, run) => {
      let isGood = true;
      for (const check of allOf) if (!check(value, run)) isGood = false;
      return isGood || run.fault('All Of', 'Must validate all the schemas (allOf)');
    };
  }
  if (anyOf !== undefined) {
    yield (value, run) =>
      anyOf.some((check) => run.passes(check, value)) ||
      run.fault('Any Of', 'Must validate at least one schema (anyOf)');
  }
  if (oneOf !== undefined) {
    yield (value, run) =>
      oneOf.filter((check) => run.passes(check, value)).length === 1 ||
      run.fault('One Of', 'Must validate one and only one schema (oneOf)');
  }
  if (schema['not'] !== undefined) {
    const check = context.compile(schema['not']);
    yield (value, run) =>
      !run.passes(check, value) || run.fault('Not', 'Must not validate the schema (not)');
  }
  if (schema['if'] !== undefined) {
    const condition = context.compile(schema['if']);
    const whenTrue = context.compile(schema['then']);
    const whenFalse = context.compile(schema['else']);
    yield (value, run) => (run.passes(condition, value) ? whenTrue : whenFalse)(value, run);
  }
}
