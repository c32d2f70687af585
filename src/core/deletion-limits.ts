const second = 1_000;
const hour = 3_600 * second;

/** Deletions at destinations and in warehouses (src/deletions). A part of `limits`. */
export const deletionLimits = {
  /** How long after a regulation they begin: by then its users' older events are left out everywhere, and none is under way. */
  deletionSettleMs: 30 * second,
  /** While something is to be deleted it is looked so often what is due. */
  deletionLookMs: 5 * second,
  /** Destinations, and warehouses, that one node works on at once. */
  deletionsAtOnce: 4,
  /** Between two users at one destination. */
  deletionPauseMs: 100,
  /** Time from the first failure to giving up; tries are 1 s to `deletionRetryMostMs` apart. */
  deletionRetryForMs: 3 * 24 * hour,
  deletionRetryMostMs: 1 * hour,
  /** Progress is written so often; after a crash so much is asked again. */
  deletionCommitMs: 1 * second,
} as const;
