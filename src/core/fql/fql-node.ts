/** The comparisons of FQL. */
export const fqlComparisons = ['=', '!=', '>', '>=', '<', '<=', 'in'] as const;
export type FqlComparison = (typeof fqlComparisons)[number];

export type FqlScalar = string | number | boolean | null;

/** An FQL expression as the parser reads it (spec tracking-api §10.2). Plain data. */
export type FqlNode =
  | { readonly kind: 'literal'; readonly value: FqlScalar }
  | { readonly kind: 'list'; readonly items: readonly FqlNode[] }
  /** The keys from the event down, without escapes; at least one, none empty. */
  | { readonly kind: 'path'; readonly keys: readonly string[] }
  | { readonly kind: 'call'; readonly name: string; readonly operands: readonly FqlNode[] }
  | { readonly kind: 'not'; readonly operand: FqlNode }
  | {
      readonly kind: 'compare';
      readonly operator: FqlComparison;
      readonly left: FqlNode;
      readonly right: FqlNode;
    }
  /** At least two parts. */
  | { readonly kind: 'and' | 'or'; readonly parts: readonly FqlNode[] };

/** What is wrong with a text. `position`: of the character, counted from 0 in UTF-16 units. */
export interface FqlProblem {
  readonly position: number;
  /** Without the position, e.g. `there is no function "foo"`. */
  readonly message: string;
}
