/** What a destination filter does with the events that meet its condition (spec tracking-api §10.1). */
export type FilterAction =
  | { readonly type: 'DROP' }
  /** Keeps this share, 0 to 1, of the values at `path`; without a path, of the events. */
  | { readonly type: 'SAMPLE'; readonly percent: number; readonly path?: string }
  /** Keys by the path of the object that has them; '' is the event itself. */
  | { readonly type: PropertyActionType; readonly fields: FilterFields };

export type PropertyActionType = 'DROP_PROPERTIES' | 'ALLOW_PROPERTIES';
export type FilterFields = Readonly<Record<string, readonly string[]>>;

/** A destination filter as the data plane knows it; only those that are on. */
export interface FilterConfig {
  /** FQL, or `all`. */
  readonly if: string;
  readonly actions: readonly FilterAction[];
}
