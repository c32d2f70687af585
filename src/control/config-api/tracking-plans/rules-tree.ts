import type { JsonObject } from '../../../core/json.ts';
import type { RuleRow, RuleType } from '../../tracking-plans/rules/rule-key.ts';

/** The types that have one place in the tree, and the one they have. */
export const singleRules = { global: 'COMMON', identify: 'IDENTIFY', group: 'GROUP' } as const;

interface RulesTree {
  global: JsonObject;
  events: { name: string; version: number; description: string; rules: JsonObject }[];
  identify: JsonObject;
  group: JsonObject;
  identify_traits: never[];
  group_traits: never[];
}

/**
 * Typed rules as the tree of this API. The description of an event is that of its schema. Rules for pages and
 * screens have no place in it, nor have older versions of the rules that have one place (spec config-api §3).
 */
export function rulesTree(rows: readonly RuleRow[]): RulesTree {
  return {
    global: schemaOf(newest(rows, 'COMMON')),
    events: rows.filter(({ type }) => type === 'TRACK').map(eventOf),
    identify: schemaOf(newest(rows, 'IDENTIFY')),
    group: schemaOf(newest(rows, 'GROUP')),
    identify_traits: [],
    group_traits: [],
  };
}

/** The rule that the tree shows of a type. */
export function newest(rows: readonly RuleRow[], type: RuleType): RuleRow | undefined {
  return rows
    .filter((row) => row.type === type)
    .reduce<RuleRow | undefined>(
      (best, row) => (best === undefined || row.version > best.version ? row : best),
      undefined,
    );
}

function schemaOf(row: RuleRow | undefined): JsonObject {
  return row === undefined ? {} : JSON.parse(row.json_schema);
}

function eventOf(row: RuleRow): RulesTree['events'][number] {
  const { description, ...rules } = schemaOf(row);
  return {
    name: row.key,
    version: row.version,
    description: typeof description === 'string' ? description : '',
    rules,
  };
}
