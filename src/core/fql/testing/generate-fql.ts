import type { Random } from '../../testing/random.ts';
import { fqlFunctions } from '../fql-functions.ts';
import { type FqlNode, fqlComparisons } from '../fql-node.ts';

const keys = [
  'event',
  'type',
  'properties',
  'a b',
  'in',
  'null',
  '5g',
  '-x',
  'ü.ö',
  "q'",
  '\\',
  '😀',
];
const texts = ['', 'Button Clicked', "it's", '"', '\\', '\\*', 'a\nb', 'ア', '[a-z]*'];
const numbers = [0, -0, 1, -1, 0.5, 1e21, 1.5e-7, 123456789];

/** An expression of any shape, at most so deep. */
export function generateFql(random: Random, depth: number): FqlNode {
  const inner = () => generateFql(random, depth - 1);
  const some = (least: number) => Array.from({ length: random.between(least, 3) }, inner);
  if (depth === 0 || random.chance(0.2)) return generateLeaf(random);
  switch (random.between(0, 5)) {
    case 0:
      return { kind: 'not', operand: inner() };
    case 1:
      return { kind: 'and', parts: some(2) };
    case 2:
      return { kind: 'or', parts: some(2) };
    case 3:
      return { kind: 'list', items: some(0) };
    case 4: {
      const [name, { arity }] = random.pick([...fqlFunctions]);
      return { kind: 'call', name, operands: Array.from({ length: arity }, inner) };
    }
    default:
      return {
        kind: 'compare',
        operator: random.pick(fqlComparisons),
        left: inner(),
        right: inner(),
      };
  }
}

function generateLeaf(random: Random): FqlNode {
  switch (random.between(0, 3)) {
    case 0:
      return { kind: 'literal', value: random.pick(texts) };
    case 1:
      return { kind: 'literal', value: random.pick(numbers) };
    case 2:
      return { kind: 'literal', value: random.pick([true, false, null]) };
    default: {
      const length = random.between(1, 3);
      return { kind: 'path', keys: Array.from({ length }, () => random.pick(keys)) };
    }
  }
}
