/** The ids of an event. */
export interface EventIds {
  readonly userId?: string | undefined;
  readonly anonymousId?: string | undefined;
  /** Of an alias. */
  readonly previousId?: string | undefined;
}

/**
 * The end users whose events are dropped, and those whose older events a deletion leaves out: a set of its own beside the snapshot, which only says up to which change it
 * goes. Whoever reads events asks it, however old they are.
 */
export interface Suppressions {
  /**
   * Takes the changes that the snapshot speaks of; undefined when there are none. Goes on trying until it has
   * them, or the signal comes. To be awaited before a batch: what was suppressed before is then in force.
   */
  refresh(signal: AbortSignal): Promise<void> | undefined;
  /** Nobody is suppressed, and no event is left out for a deletion. */
  readonly isEmpty: boolean;
  /**
   * Whether one of the ids is suppressed, in the source or in the workspace. With `receivedAt` (ms) also whether its event
   * is from before a deletion that reaches destinations and warehouses: whoever brings events there gives it.
   */
  has(source: string, ids: EventIds, receivedAt?: number): boolean;
}

/** Of whom nobody is suppressed. */
export const noSuppressions: Suppressions = {
  refresh: () => undefined,
  isEmpty: true,
  has: () => false,
};
