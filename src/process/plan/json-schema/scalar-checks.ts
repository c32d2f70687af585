import type { Json, JsonObject } from '../../../core/json.ts';
import { canonicalText } from './canonical-text.ts';
import { formats } from './formats.ts';
import type { Check, SchemaContext } from './schema-run.ts';

/** `enum`, `const`, and what is said of texts and numbers. */
export function* scalarChecks(schema: JsonObject, context: SchemaContext): Generator<Check> {
  const { enum: values } = schema;
  if (Array.isArray(values)) {
    const known = new Set(values.map((value: Json) => canonicalText(value)));
    const list = values.map((value: Json) => JSON.stringify(value)).join(', ');
    yield (value, run) =>
      known.has(canonicalText(value, run)) ||
      run.fault('Enum', `Must be one of the following: ${list}`);
  }
  if (schema['const'] !== undefined) {
    const wanted = canonicalText(schema['const']);
    yield (value, run) =>
      canonicalText(value, run) === wanted || run.fault('Const', `Does not match: ${wanted}`);
  }
  yield* textChecks(schema, context);
  yield* numberChecks(schema);
}

function* textChecks(schema: JsonObject, context: SchemaContext): Generator<Check> {
  const { minLength, maxLength, pattern, format } = schema;
  if (typeof minLength === 'number') {
    yield (value, run) =>
      typeof value !== 'string' ||
      lengthOf(value) >= minLength ||
      run.fault('String Length', `String length must be greater than or equal to ${minLength}`);
  }
  if (typeof maxLength === 'number') {
    yield (value, run) =>
      typeof value !== 'string' ||
      lengthOf(value) <= maxLength ||
      run.fault('String Length', `String length must be less than or equal to ${maxLength}`);
  }
  const compiled = typeof pattern === 'string' ? context.pattern(pattern) : undefined;
  if (compiled !== undefined) {
    yield (value, run) =>
      typeof value !== 'string' ||
      run.fits(compiled, value) ||
      run.fault('Pattern', `Does not match pattern '${String(pattern)}'`);
  }
  const isFormat = typeof format === 'string' ? formats.get(format) : undefined;
  if (isFormat !== undefined) {
    yield (value, run) =>
      typeof value !== 'string' ||
      isFormat(value) ||
      run.fault('Format', `Does not match format '${String(format)}'`);
  }
}

/** Characters as people count them: a pair of surrogates is one. */
function lengthOf(text: string): number {
  let length = 0;
  for (const _ of text) length += 1;
  return length;
}

function* numberChecks(schema: JsonObject): Generator<Check> {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
  // In draft 4 a boolean beside the bound says that it is not itself allowed.
  const above = exclusiveMinimum === true ? minimum : exclusiveMinimum;
  const below = exclusiveMaximum === true ? maximum : exclusiveMaximum;
  const bounds = [
    [exclusiveMinimum === true ? undefined : minimum, (n, m) => n >= m, 'greater than or equal to'],
    [exclusiveMaximum === true ? undefined : maximum, (n, m) => n <= m, 'less than or equal to'],
    [above, (n, m) => n > m, 'greater than'],
    [below, (n, m) => n < m, 'less than'],
  ] satisfies [Json | undefined, (value: number, bound: number) => boolean, string][];
  for (const [bound, holds, words] of bounds) {
    if (typeof bound !== 'number') continue;
    yield (value, run) =>
      typeof value !== 'number' ||
      holds(value, bound) ||
      run.fault('Number', `Must be ${words} ${bound}`);
  }
  if (typeof multipleOf !== 'number' || multipleOf <= 0) return;
  yield (value, run) =>
    typeof value !== 'number' ||
    isMultiple(value / multipleOf) ||
    run.fault('Number', `Must be a multiple of ${multipleOf}`);
}

/** 0.3 is a multiple of 0.1, although not in binary. */
function isMultiple(quotient: number): boolean {
  const tolerance = 1e-9 * Math.max(1, Math.abs(quotient));
  return Math.abs(quotient - Math.round(quotient)) <= tolerance;
}
