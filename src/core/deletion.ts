/** What a regulation wants deleted: of these end users, what was received before a moment. */
export interface Deletion {
  /** Id of the regulation. */
  readonly id: string;
  /** Undefined: of the whole workspace. */
  readonly sourceId: string | undefined;
  readonly subjectType: 'USER_ID' | 'ANONYMOUS_ID';
  readonly subjectIds: ReadonlySet<string>;
  /** receivedAt, milliseconds: when it was asked for. */
  readonly before: number;
  /** True: everything from before that moment has left `accepted`; what is deleted now does not come again. */
  readonly isLast: boolean;
}
