import type { FqlNode } from './fql-node.ts';
import { parseFql } from './parse-fql.ts';

/**
 * The matcher of a routing rule as analytics.js and the mobile SDKs evaluate it on the device (spec tracking-api §10.1);
 * `problem`: why they cannot.
 */
export type DeviceCondition =
  | { readonly ok: true; readonly matcher: DeviceMatcher }
  | { readonly ok: false; readonly problem: string };

/** `ir`: the intermediate form as JSON text; '' for every event. */
export interface DeviceMatcher {
  readonly type: 'fql' | 'all';
  readonly ir: string;
}

/** An operand of the intermediate form: a path as text, a literal as `{value}`, or a list of them or of an operation. */
type Ir = string | { readonly value: string | number | boolean | null } | readonly Ir[];

/** What the clients' evaluator does not know, or takes for something else. */
class NotOnDevice {
  readonly problem: string;
  constructor(problem: string) {
    this.problem = problem;
  }
}

/**
 * A condition in the clients' intermediate form. They know fewer functions, have no null and count UTF-16 units in
 * `length`: what they would judge otherwise than the server is worded so that they do not, or is refused. The text is
 * one that `parseFql` reads.
 */
export function deviceCondition(text: string): DeviceCondition {
  if (text.trim() === 'all') return { ok: true, matcher: { type: 'all', ir: '' } };
  const parsed = parseFql(text);
  if (!parsed.ok) return { ok: false, problem: parsed.problem.message };
  const ir = conditionOf(parsed.expression);
  if (ir instanceof NotOnDevice) return { ok: false, problem: ir.problem };
  return { ok: true, matcher: { type: 'fql', ir: JSON.stringify(ir) } };
}

const never: Ir = ['!', ['and']];
const always: Ir = ['and'];

/** In a place where a truth value is wanted. */
function conditionOf(node: FqlNode): Ir | NotOnDevice {
  switch (node.kind) {
    case 'and':
    case 'or': {
      const parts: Ir[] = [];
      for (const part of node.parts) {
        const ir = conditionOf(part);
        if (ir instanceof NotOnDevice) return ir;
        parts.push(ir);
      }
      return [node.kind, ...parts];
    }
    case 'not': {
      const operand = conditionOf(node.operand);
      return operand instanceof NotOnDevice ? operand : ['!', operand];
    }
    case 'literal':
      return node.value === true ? always : never;
    case 'path':
      return pathOf(node.keys);
    case 'call':
      return node.name === 'contains' || node.name === 'match'
        ? callOf(node.name, node.operands)
        : new NotOnDevice(`${node.name}() is evaluated on the server only`);
    case 'compare':
      return comparisonOf(node);
    case 'list':
      return new NotOnDevice('a list is no condition');
  }
}

function comparisonOf({
  operator,
  left,
  right,
}: Extract<FqlNode, { kind: 'compare' }>): Ir | NotOnDevice {
  if (operator === 'in') return membership(left, right);
  const isEquality = operator === '=' || operator === '!=';
  if (isEquality && (isNull(left) || isNull(right))) {
    return isNothing(isNull(left) ? right : left, operator === '!=');
  }
  if (isEquality && (isTypeof(left) || isTypeof(right))) return typeTest(operator, left, right);
  const first = operandOf(left);
  if (first instanceof NotOnDevice) return first;
  const second = operandOf(right);
  if (second instanceof NotOnDevice) return second;
  const test = [operator, first, second];
  // They have no length of what is not there; here it is 0.
  const measured = lengthTest(left, operator, right);
  if (measured === undefined) return test;
  const nothing = isNothing(measured.of, false);
  if (nothing instanceof NotOnDevice) return nothing;
  return measured.holdsForZero ? ['or', nothing, test] : ['and', ['!', nothing], test];
}

function membership(left: FqlNode, right: FqlNode): Ir | NotOnDevice {
  if (right.kind !== 'list' || right.items.some(({ kind }) => kind !== 'literal')) {
    return new NotOnDevice('"in" takes only a list of literals there');
  }
  if (isNull(left) || right.items.some(isNull)) {
    return new NotOnDevice('"in" takes no null there');
  }
  const first = operandOf(left);
  if (first instanceof NotOnDevice) return first;
  if (Array.isArray(first)) return new NotOnDevice('"in" takes no function there');
  const items: Ir[] = right.items.flatMap((item) =>
    item.kind === 'literal' ? [{ value: item.value }] : [],
  );
  return ['in', first, items];
}

/** A value that is missing is `undefined` to them, and not equal to null. */
function isNothing(node: FqlNode, negated: boolean): Ir | NotOnDevice {
  if (node.kind === 'literal') return (node.value === null) === negated ? never : always;
  const value = operandOf(node);
  if (value instanceof NotOnDevice) return value;
  if (typeof value !== 'string') return new NotOnDevice('only a path is compared with null there');
  const test: Ir = [
    'or',
    ['=', ['typeof', value], { value: 'undefined' }],
    ['=', value, { value: null }],
  ];
  return negated ? ['!', test] : test;
}

/** Names of types: ours, and what they call them. Theirs of null, lists and objects is the same one. */
const deviceTypes = new Map([
  ['string', 'string'],
  ['number', 'number'],
  ['bool', 'boolean'],
]);

function typeTest(operator: '=' | '!=', left: FqlNode, right: FqlNode): Ir | NotOnDevice {
  const [call, name] = isTypeof(left) ? [left, right] : [right, left];
  if (call.kind !== 'call' || name.kind !== 'literal') {
    return new NotOnDevice('typeof() is compared only with a literal there');
  }
  const [of] = call.operands;
  if (of === undefined) return never;
  if (name.value === 'null') return isNothing(of, operator === '!=');
  const type = deviceTypes.get(String(name.value));
  if (type === undefined) return new NotOnDevice(`typeof() never gives "${name.value}" there`);
  const value = operandOf(of);
  if (value instanceof NotOnDevice) return value;
  return [operator, ['typeof', value], { value: type }];
}

/** `length(x)` compared with a number, from either side. */
function lengthTest(left: FqlNode, operator: string, right: FqlNode) {
  const isFirst = left.kind === 'call' && left.name === 'length';
  const [call, other] = isFirst ? [left, right] : [right, left];
  if (call.kind !== 'call' || call.name !== 'length' || other.kind !== 'literal') return undefined;
  const [of] = call.operands;
  if (of === undefined || of.kind !== 'path') return undefined;
  const [first, second] = isFirst ? [0, Number(other.value)] : [Number(other.value), 0];
  return { of, holdsForZero: holds(operator, first, second) };
}

function holds(operator: string, first: number, second: number): boolean {
  switch (operator) {
    case '=':
      return first === second;
    case '!=':
      return first !== second;
    case '>':
      return first > second;
    case '>=':
      return first >= second;
    case '<':
      return first < second;
    default:
      return first <= second;
  }
}

/** In a place where a value is wanted. */
function operandOf(node: FqlNode): Ir | NotOnDevice {
  switch (node.kind) {
    case 'literal':
      return { value: node.value };
    case 'path':
      return pathOf(node.keys);
    case 'call':
      return callOf(node.name, node.operands);
    default:
      return new NotOnDevice('a condition or list is not compared there');
  }
}

/** `typeof` is not among them: see `typeTest`. */
const deviceFunctions = new Set(['contains', 'match', 'lowercase', 'length']);

function callOf(name: string, operands: readonly FqlNode[]): Ir | NotOnDevice {
  if (!deviceFunctions.has(name)) {
    return new NotOnDevice(`${name}() is evaluated on the server only`);
  }
  const values: Ir[] = [];
  for (const operand of operands) {
    const value = operandOf(operand);
    if (value instanceof NotOnDevice) return value;
    if (Array.isArray(value)) return new NotOnDevice('a function takes no other function there');
    values.push(value);
  }
  return [name, ...values];
}

/** They split paths at every dot. */
function pathOf(keys: readonly string[]): Ir | NotOnDevice {
  if (keys.some((key) => key.includes('.'))) {
    return new NotOnDevice('a key with a dot in it is not found there');
  }
  return keys.join('.');
}

function isNull(node: FqlNode): boolean {
  return node.kind === 'literal' && node.value === null;
}

function isTypeof(node: FqlNode): boolean {
  return node.kind === 'call' && node.name === 'typeof';
}
