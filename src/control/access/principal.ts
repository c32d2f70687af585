import type { Grant } from './grant.ts';
import type { Permission } from './permission.ts';

/** How answers are worded: as Segment's SDKs want them, or as the summary of its API (seed 004) has them. */
export const answerStyles = ['sdk', 'seed'] as const;
export type AnswerStyle = (typeof answerStyles)[number];

export function isAnswerStyle(text: unknown): text is AnswerStyle {
  return answerStyles.some((style) => style === text);
}

/** Who makes a request. */
export interface Principal {
  readonly tokenId: string;
  /** The most its token may do. */
  readonly permission: Permission;
  /** What its roles allow, within `permission`; undefined: everything. */
  readonly grants: readonly Grant[] | undefined;
  /** As the audit trail names it (spec public-api §1). */
  readonly actor: string;
  /** Of the user the token belongs to; null for a token of nobody's. */
  readonly email: string | null;
  /** Undefined: as the server is set. */
  readonly answers: AnswerStyle | undefined;
}
