import { isJsonObject, type Json } from '../json.ts';
import { compileGlob, type Glob } from './glob.ts';

/**
 * Values of the wrong type: the expression has no value then, and whoever asked fails closed (spec tracking-api §10.1).
 * A bare value rather than an exception: conditions are evaluated for each event.
 */
export const noValue = Symbol('no value');
export type FqlValue = Json | typeof noValue;

interface FqlFunction {
  readonly arity: number;
  /** Called with values only, never with `noValue`. */
  call(first: Json, second: Json): FqlValue;
}

const onText =
  (change: (text: string) => string) =>
  (value: Json): FqlValue => {
    if (typeof value === 'string') return change(value);
    return value === null ? null : noValue;
  };

/** The functions of FQL by name; null is taken by all of them (spec tracking-api §10.2). */
export const fqlFunctions: ReadonlyMap<string, FqlFunction> = new Map<string, FqlFunction>([
  ['contains', { arity: 2, call: onTexts((text, part) => text.includes(part)) }],
  ['match', { arity: 2, call: onTexts(matches) }],
  ['length', { arity: 1, call: lengthOf }],
  ['lowercase', { arity: 1, call: onText((text) => text.toLowerCase()) }],
  ['uppercase', { arity: 1, call: onText((text) => text.toUpperCase()) }],
  ['snakecase', { arity: 1, call: onText((text) => text.replaceAll(' ', '_')) }],
  ['kebabcase', { arity: 1, call: onText((text) => text.replaceAll(' ', '-')) }],
  ['titlecase', { arity: 1, call: onText(titleCase) }],
  ['typeof', { arity: 1, call: typeName }],
  ['bool', { arity: 1, call: toBoolean }],
  ['string', { arity: 1, call: toText }],
  ['number', { arity: 1, call: toNumber }],
]);

function onTexts(test: (first: string, second: string) => FqlValue) {
  return (first: Json, second: Json): FqlValue => {
    if (typeof first === 'string' && typeof second === 'string') return test(first, second);
    const fit = (value: Json) => value === null || typeof value === 'string';
    return fit(first) && fit(second) ? false : noValue;
  };
}

/** The last patterns: nearly always literals of a few expressions. */
const globs = new Map<string, Glob | undefined>();
const globsMost = 1_000;

function matches(text: string, pattern: string): FqlValue {
  let glob = globs.get(pattern);
  if (glob === undefined && !globs.has(pattern)) {
    glob = compileGlob(pattern);
    if (globs.size >= globsMost) globs.clear();
    globs.set(pattern, glob);
  }
  return glob === undefined ? noValue : glob(text);
}

/** Items of a list, bytes of a text as UTF-8. */
function lengthOf(value: Json): FqlValue {
  if (value === null) return 0;
  if (typeof value === 'string') return Buffer.byteLength(value);
  return Array.isArray(value) ? value.length : noValue;
}

/** The first letter of each word large, the others as they are. */
function titleCase(text: string): string {
  return text.replaceAll(/(^|\s)(\S)/gu, (_whole, before, letter) => before + letter.toUpperCase());
}

function typeName(value: Json): FqlValue {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'boolean') return 'bool';
  return isJsonObject(value) ? 'object' : typeof value;
}

function toBoolean(value: Json): FqlValue {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'number') return value !== 0;
  if (typeof value !== 'string') return noValue;
  const text = value.toLowerCase();
  if (text === 'true' || text === '1') return true;
  return text === 'false' || text === '0' ? false : noValue;
}

function toText(value: Json): FqlValue {
  if (value === null) return null;
  return typeof value === 'object' ? noValue : String(value);
}

const decimal = /^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/;

function toNumber(value: Json): FqlValue {
  if (value === null || typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  return typeof value === 'string' && decimal.test(value) ? Number(value) : noValue;
}
