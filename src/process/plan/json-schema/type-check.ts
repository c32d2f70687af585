import { isJsonObject, type Json, type JsonObject } from '../../../core/json.ts';
import type { Check } from './schema-run.ts';

/** The check of `type`; undefined where there is none. */
export function typeCheck({ type }: JsonObject): Check | undefined {
  const types = (Array.isArray(type) ? type : [type]).filter((name) => typeof name === 'string');
  if (types.length === 0) return undefined;
  const expected = types.join('/');
  return (value, run) =>
    types.some((name) => tests.get(name)?.(value) === true) ||
    run.fault('Invalid Type', `Invalid type. Expected: ${expected}, given: ${typeName(value)}`);
}

const tests: ReadonlyMap<string, (value: Json) => boolean> = new Map([
  ['object', isJsonObject],
  ['array', (value: Json) => Array.isArray(value)],
  ['string', (value: Json) => typeof value === 'string'],
  ['number', (value: Json) => typeof value === 'number'],
  ['integer', (value: Json) => Number.isInteger(value)],
  ['boolean', (value: Json) => typeof value === 'boolean'],
  ['null', (value: Json) => value === null],
]);

function typeName(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return Number.isInteger(value) ? 'integer' : typeof value;
}
