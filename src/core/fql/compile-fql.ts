import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import { type FqlValue, fqlFunctions, noValue } from './fql-functions.ts';
import type { FqlComparison, FqlNode, FqlProblem } from './fql-node.ts';
import { parseFql } from './parse-fql.ts';

/** Evaluates an expression on an event. Never throws. */
export type FqlEvaluate = (event: JsonObject) => FqlValue;

/** `undefined`: it has no truth value on this event, so that the asker must fail closed. */
export type FqlCondition = (event: JsonObject) => boolean | undefined;

export type CompiledFql<Compiled> =
  | { readonly ok: true; readonly run: Compiled }
  | { readonly ok: false; readonly problem: FqlProblem };

/** Compiles the text of a condition; null counts as false. The word `all` is true for every event. */
export function compileCondition(text: string): CompiledFql<FqlCondition> {
  if (text.trim() === 'all') return { ok: true, run: () => true };
  const compiled = compileFql(text);
  if (!compiled.ok) return compiled;
  return { ok: true, run: (event) => truthOf(compiled.run(event)) };
}

/** Compiles the text of an expression of any type. */
export function compileFql(text: string): CompiledFql<FqlEvaluate> {
  const parsed = parseFql(text);
  return parsed.ok ? { ok: true, run: compileNode(parsed.expression) } : parsed;
}

/** An expression as a function: closures over closures, made once. */
export function compileNode(node: FqlNode): FqlEvaluate {
  switch (node.kind) {
    case 'literal': {
      const { value } = node;
      return () => value;
    }
    case 'list':
      return listOf(node.items.map(compileNode));
    case 'path':
      return pathOf(node.keys);
    case 'call':
      return callOf(node.name, node.operands.map(compileNode));
    case 'not': {
      const operand = compileNode(node.operand);
      return (event) => {
        const truth = truthOf(operand(event));
        return truth === undefined ? noValue : !truth;
      };
    }
    case 'compare':
      return comparison(node.operator, compileNode(node.left), compileNode(node.right));
    default:
      return chain(node.kind === 'or', node.parts.map(compileNode));
  }
}

function truthOf(value: FqlValue): boolean | undefined {
  if (typeof value === 'boolean') return value;
  return value === null ? false : undefined;
}

/** From left to right, up to the part that decides. */
function chain(decisive: boolean, parts: readonly FqlEvaluate[]): FqlEvaluate {
  return (event) => {
    for (const part of parts) {
      const truth = truthOf(part(event));
      if (truth === undefined) return noValue;
      if (truth === decisive) return decisive;
    }
    return !decisive;
  };
}

function listOf(items: readonly FqlEvaluate[]): FqlEvaluate {
  return (event) => {
    const list: Json[] = [];
    for (const item of items) {
      const value = item(event);
      if (value === noValue) return noValue;
      list.push(value);
    }
    return list;
  };
}

/** What is not there is null. Lists are entered by the number of an item. */
function pathOf(keys: readonly string[]): FqlEvaluate {
  const [only, ...more] = keys;
  if (only !== undefined && more.length === 0) return (event) => keyOf(event, only);
  return (event) => {
    let value: Json = event;
    for (const key of keys) {
      value = keyOf(value, key);
      if (value === null) return null;
    }
    return value;
  };
}

function keyOf(value: Json, key: string): Json {
  if (isJsonObject(value)) return Object.hasOwn(value, key) ? (value[key] ?? null) : null;
  return Array.isArray(value) && /^\d{1,9}$/.test(key) ? (value[Number(key)] ?? null) : null;
}

function callOf(name: string, operands: readonly FqlEvaluate[]): FqlEvaluate {
  const called = fqlFunctions.get(name);
  const [one = () => null, two = () => null] = operands;
  if (called === undefined) return () => noValue;
  return (event) => {
    const first = one(event);
    const second = two(event);
    return first === noValue || second === noValue ? noValue : called.call(first, second);
  };
}

function comparison(operator: FqlComparison, left: FqlEvaluate, right: FqlEvaluate): FqlEvaluate {
  const test = comparisons[operator];
  return (event) => {
    const first = left(event);
    const second = right(event);
    return first === noValue || second === noValue ? noValue : test(first, second);
  };
}

const comparisons: Readonly<Record<FqlComparison, (first: Json, second: Json) => FqlValue>> = {
  '=': equal,
  '!=': (first, second) => !equal(first, second),
  '>': onNumbers((first, second) => first > second),
  '>=': onNumbers((first, second) => first >= second),
  '<': onNumbers((first, second) => first < second),
  '<=': onNumbers((first, second) => first <= second),
  in: (first, second) => {
    if (second === null) return false;
    if (!Array.isArray(second) || (typeof first === 'object' && first !== null)) return noValue;
    return second.includes(first);
  },
};

/** Null is neither above nor below anything. */
function onNumbers(test: (first: number, second: number) => boolean) {
  return (first: Json, second: Json): FqlValue => {
    if (typeof first === 'number' && typeof second === 'number') return test(first, second);
    const fit = (value: Json) => value === null || typeof value === 'number';
    return fit(first) && fit(second) ? false : noValue;
  };
}

/** The same type and the same value. */
function equal(first: Json, second: Json): boolean {
  if (first === second) return true;
  if (Array.isArray(first)) {
    return (
      Array.isArray(second) &&
      first.length === second.length &&
      first.every((item, index) => equal(item, second[index] ?? null))
    );
  }
  if (!isJsonObject(first) || !isJsonObject(second)) return false;
  const keys = Object.keys(first);
  return (
    keys.length === Object.keys(second).length &&
    keys.every(
      (key) => Object.hasOwn(second, key) && equal(first[key] ?? null, second[key] ?? null),
    )
  );
}
