const KB = 1024;
const MB = 1024 * KB;
const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

/** Those of `limits` that are about what control shows and does. */
export const controlLimits = {
  // --- Counts of events ---
  /** Event names with app versions kept apart in one stretch of time of one source or destination; the rarest of twice as many share one count. */
  countedNames: 200,
  /** Characters of an event's name or an app's version that are counted apart. */
  countedNameLength: 200,
  /** Counts reach the tables that the API reads this often. */
  usageFoldMs: 5 * second,
  /** Names and versions of one source that are counted apart between two writes; what is above shares one count. */
  countedAtOnce: 2_000,
  /** Sources whose users of the day are held in memory, at most 48 KB each. */
  usersHeld: 500,
  /** Rows of counts that one request may read. */
  usageRowsRead: 1_000_000,
  /** Points of all series in one answer; groups beyond them are behind the next cursor. */
  usagePoints: 100_000,

  // --- Live tail ---
  /** A stream ends at most this long after its token was revoked, ms. */
  revokedCheckMs: 5_000,
  /** Events a second and viewer; what is above is counted as skipped. */
  tailPerSecond: 50,
  /** Events buffered for a slow viewer. */
  tailBuffer: 500,
  /** Characters buffered for a slow viewer. */
  tailBufferBytes: 4 * MB,

  // --- Control plane ---
  /** Requests a minute, token and operation where the contract names none. */
  apiPerMinute: 600,
  /** Requests a minute and token of the Config API, of all its operations together (seed 002, Errors). */
  configApiPerMinute: 200,
  /** Entries of a page of the Config API where the client names no number. */
  configPageDefault: 100,
  apiBodyBytes: 1 * MB,
  pageCountDefault: 200,
  /** Where answers are worded as in seed 004. */
  pageCountSeed: 10,
  pageCountMost: 1_000,
  /** Overrides of selective sync of one warehouse. */
  syncOverrides: 5_000,
  /** Syncs of one model of reverse ETL, and reports of one warehouse, that are kept; the oldest go first. */
  syncsKept: 1_000,
  /** Reverse ETL: rows that are read, compared, delivered and committed at once. */
  reverseEtlPageRows: 500,
  /** Rows of one model: 24 bytes of memory each while it runs. */
  reverseEtlRows: 5_000_000,
  /** Characters by which a row is known again, and characters of a row as JSON. */
  reverseEtlKeyLength: 500,
  reverseEtlRowLength: 512 * KB,
  /** A query, and the bytes of its rows, which lie on the disk until they are delivered. */
  reverseEtlQueryMs: 1 * hour,
  reverseEtlBytes: 4_096 * MB,
  /** Tries of a row in one sync, the first wait between them, and a whole sync with its query, ms. */
  reverseEtlAttempts: 5,
  reverseEtlRetryMs: 1 * second,
  reverseEtlSyncMs: 12 * hour,
  /** Syncs at once, and whole syncs of a subscription that the worker remembers. */
  reverseEtlParallel: 2,
  reverseEtlRunsKept: 100,
  /** Syncs of one subscription that were asked for and have not ended. */
  reverseEtlWaiting: 20,
  /** Schedules are looked at this often. */
  reverseEtlTickMs: 1 * second,
  /** A test of a warehouse's settings ends after this, ms. */
  warehouseTestMs: 10 * second,
  /** Kinds of destinations whose actions are kept in memory after they were shown. */
  shownKinds: 16,
  /** Unknown access tokens from one address a minute; after that it is not heard until the minute is over. */
  refusedTokensPerMinute: 20,
  guardedAddresses: 10_000,
  /** Tokens remembered as good, and those whose last use is remembered. */
  knownTokens: 10_000,
  /** Characters of a resource that the audit trail keeps from before and from after a change, each. */
  auditLength: 64 * KB,
  /** Events of the audit trail that are kept, by age and in rows; so many writes of a process apart they are trimmed. */
  auditMs: 90 * 24 * hour,
  auditRows: 100_000,
  auditTrimEvery: 64,
  /** Audiences that a space may hold, and as many computed traits; schedules of one audience. */
  computedPerSpace: 1_000,
  schedulesPerAudience: 20,
  /** Characters of the query of an audience or a computed trait. */
  computedQueryLength: 64 * KB,
  /** Replays of one destination that may run at once. */
  replaysRunning: 10,
  /** Bytes of log read to answer one request for discards; the rest is behind the next cursor. */
  discardScanBytes: 64 * MB,
  /** Payload characters that control hands to ingest at once, at least one discard; and how long it waits for the answer. */
  redeliveryBytes: 128 * KB,
  redeliveryTimeoutMs: 20_000,
  /** How long the worker waits for ingest to take what a source function has sent. */
  emissionTimeoutMs: 20_000,
  /** Alerts are measured so often; counts stand still so long after their minute. */
  alertEveryMs: 60_000,
  alertSettleMs: 45_000,
  /** Measurements within bounds in a row that resolve an alert. */
  alertCalmMeasurements: 3,
  /** Attempts by which a success rate can be judged. */
  alertLeastAttempts: 20,
  /** Bytes of log in which the first unread event of a destination is looked for, and at a time. */
  alertScanBytes: 16 * MB,
  alertReadBytes: 256 * KB,
  /** A notice may take so long; and so many of one alert are kept for a webhook that takes none. */
  alertNoticeTimeoutMs: 10_000,
  alertPendingNotices: 10,
  /** Alerts of a workspace: measuring them must fit into a minute. */
  alerts: 1_000,
  /** It is looked so often whether what deletions are about has left the logs. */
  deletionEveryMs: 60_000,
  /** Discards sent again by one request at most; the rest is behind the next cursor. */
  redeliveredAtOnce: 1_000,
  /** Payload characters in one answer of discards; the rest is behind the next cursor. */
  discardPageBytes: 8 * MB,
} as const;
