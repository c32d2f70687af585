import type { FqlNode } from '../../core/fql/fql-node.ts';
import { parseFql } from '../../core/fql/parse-fql.ts';
import { printFql } from '../../core/fql/print-fql.ts';

/** The events of a condition: `text` is the same for conditions that say the same in the usual forms. */
export interface MatchedEvents {
  readonly text: string;
  /** Of the usual forms: the one type they match. */
  readonly type?: string;
}

/**
 * What a condition matches. The usual forms are `type = 'identify'`, `event = 'X'`, which is a track call, and both with
 * `and` (spec public-api §6); of others it is their FQL in one spelling. The text is one that `parseFql` reads.
 */
export function matchedEvents(condition: string): MatchedEvents {
  const parsed = parseFql(condition);
  if (!parsed.ok || condition.trim() === 'all') return { text: 'all' };
  const { expression } = parsed;
  const parts = expression.kind === 'and' ? expression.parts : [expression];
  const wanted = new Map<string, string>();
  for (const part of parts) {
    const pair = equality(part);
    if (pair === undefined || wanted.has(pair[0])) return { text: printFql(expression) };
    wanted.set(...pair);
  }
  const event = wanted.get('event');
  const type = wanted.get('type') ?? 'track';
  return { text: JSON.stringify([type, event ?? null]), type };
}

/** `type = 'x'` or `event = 'x'`, from either side. */
function equality(node: FqlNode): [key: string, value: string] | undefined {
  if (node.kind !== 'compare' || node.operator !== '=') return undefined;
  const [path, literal] =
    node.left.kind === 'path' ? [node.left, node.right] : [node.right, node.left];
  if (path.kind !== 'path' || literal.kind !== 'literal') return undefined;
  const [key, ...more] = path.keys;
  const isUsual = more.length === 0 && (key === 'type' || key === 'event');
  return isUsual && typeof literal.value === 'string' ? [key, literal.value] : undefined;
}
