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

/** A destination, or what a warehouse has of a source, that is to forget the end users of a regulation. */
export interface DeletionTarget {
  /** Id of the regulation. */
  readonly regulation: string;
  readonly kind: 'destination' | 'warehouse';
  /** Of the destination or the warehouse. */
  readonly id: string;
  readonly sourceId: string;
  /** True: the regulation is about all sources. */
  readonly isWhole: boolean;
  readonly subjectType: Deletion['subjectType'];
  /** receivedAt, milliseconds: when it was asked for. */
  readonly before: number;
}

/** What regulations that are not over want deleted outside of the server. */
export interface DeletionTargets {
  /** Oldest regulation first; those that are settled already are among them. */
  open(): Promise<readonly DeletionTarget[]>;
  /** The ids of the end users, always in the same order. */
  subjects(regulation: string): Promise<readonly string[]>;
}

/** An end user whose data is to go: one id at least. */
export interface DeletedUser {
  readonly userId?: string;
  readonly anonymousId?: string;
}

/** `unsupported`: the code of the destination cannot ask its vendor for it. `failed`: `retry` says whether to ask again later. */
export type UserDeletion =
  | { readonly state: 'deleted' | 'unsupported' }
  | { readonly state: 'failed'; readonly message: string; readonly retry: boolean };
