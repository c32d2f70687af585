import type { FqlNode } from './fql-node.ts';

/** Words that are no path unless escaped. */
const words = new Set(['and', 'or', 'in', 'true', 'false', 'null']);

/** How tightly the kinds hold together: what holds less than its place asks for stands in brackets. */
const strength = { or: 1, and: 2, compare: 3, not: 4 } as const;

/** The text of an expression; `parseFql` reads the same expression from it. */
export function printFql(node: FqlNode): string {
  switch (node.kind) {
    case 'literal':
      return printLiteral(node.value);
    case 'list':
      return `[${node.items.map(printFql).join(', ')}]`;
    case 'path':
      return node.keys.map(printKey).join('.');
    case 'call':
      return `${node.name}(${node.operands.map(printFql).join(', ')})`;
    case 'not':
      return `!${printAt(node.operand, strength.not)}`;
    case 'compare': {
      const left = printAt(node.left, strength.not);
      return `${left} ${node.operator} ${printAt(node.right, strength.not)}`;
    }
    default: {
      const { kind, parts } = node;
      return parts.map((part) => printAt(part, strength[kind] + 1)).join(` ${kind} `);
    }
  }
}

function printAt(node: FqlNode, least: number): string {
  return strengthOf(node) < least ? `(${printFql(node)})` : printFql(node);
}

function strengthOf({ kind }: FqlNode): number {
  return kind === 'or' || kind === 'and' || kind === 'compare' || kind === 'not'
    ? strength[kind]
    : Number.POSITIVE_INFINITY;
}

function printLiteral(value: string | number | boolean | null): string {
  if (typeof value === 'string') return `'${value.replaceAll(/[\\']/g, '\\$&')}'`;
  return Object.is(value, -0) ? '-0' : String(value);
}

/** The first key of a path begins with a letter, `_` or an escape, and is none of the words. */
function printKey(key: string, index: number): string {
  const escaped = key.replaceAll(/[^A-Za-z0-9_-]/gu, '\\$&');
  const clashes = index === 0 && (words.has(key) || /^[0-9-]/.test(key));
  return clashes ? `\\${escaped}` : escaped;
}
