import { controlLimits } from './control-limits.ts';
import { deletionLimits } from './deletion-limits.ts';
import { functionLimits } from './function-limits.ts';

const KB = 1024;
const MB = 1024 * KB;
const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

/** Every queue, batch, time-out and body size that is not configuration, with unit and reason. */
export const limits = {
  ...controlLimits,
  ...deletionLimits,
  ...functionLimits,

  // --- Tracking API: standard figures of seed 001; a source may raise them to `enterprise` ---
  /** Bytes of a batch request. SDKs send up to 512,000 (spec §5). */
  requestBytes: 512_000,
  /** Bytes of one event, alone or in a batch. */
  eventBytes: 32 * KB,
  /** Events in one batch (spec §5); what stands beyond is refused item by item. */
  batchEvents: 2_500,
  /** Requests a second and source. */
  requestsPerSecond: 1_000,
  /** What a source may be raised to (seed 001, enterprise). */
  enterprise: { requestBytes: 2_000_000, eventBytes: 2_000_000, batchEvents: 10_000 },
  /** Characters of a messageId (spec §5). */
  messageIdLength: 100,
  /** Nesting of a body: deeper is refused, so that nothing downstream recurses without bound. */
  jsonDepth: 200,
  /** Properties of an event; more are dropped, the event is kept (spec §5). */
  properties: 10_000,
  /** Bytes of request headers. */
  headerBytes: 16 * KB,
  /** A whole request must have arrived within this time. */
  requestTimeoutMs: 30 * second,
  /** Characters of a User-Agent that are kept. */
  userAgentLength: 1_024,
  /** Milliseconds an idle client connection is kept: longer than the minute common load balancers use. */
  keepAliveMs: 75 * second,
  /** Bytes that all half-received bodies together may hold: 256 connections with a full batch each. */
  receivingBytes: 128 * MB,
  /** Bytes of a refused body that are read and thrown away so that the client sees the answer. */
  drainBytes: 8 * MB,
  /** A connection on which a broken request was answered is kept this long for the client to read that. */
  lingerMs: 2 * second,
  /** Bodies that are and become no larger are inflated at once: a third of what reading their JSON takes. */
  inflateInlineBytes: 128 * KB,
  /** Larger ones are inflated by so many of node's four threads at once: one inflates faster than we can parse. */
  inflateThreads: 1,
  /** Bodies that wait for such a thread, and their compressed bytes: half a second's work at the most. */
  inflateWaiting: 512,
  inflateWaitingBytes: 32 * MB,
  /** Connections that may wait to be accepted; the system holds it within its own bound. */
  listenBacklog: 4_096,
  /** Share of the connections that are closed at once to make room for new ones. */
  evictedShare: 0.01,
  /** Where nothing could make room, nothing is looked for again for this long. */
  fullMs: 100,
  /** Refused connections that are kept, up to `lingerMs`, so that the client gets to read why. */
  refusedLingering: 256,
  /** Exchanges under way are looked over for slow clients this often. */
  slowCheckMs: 5 * second,
  /** A connection idle for this long, or whose client has kept an exchange waiting so long, makes room where there is none. */
  slowMs: 10 * second,
  /** Whose client takes nothing of an answer for this long is cut off. */
  unreadMs: 2 * minute,
  /** Requests that wait behind another on their connection, and on all; at twice as many it is cut. */
  pipelined: 32,
  pipelinedInAll: 8 * 1024,
  /** Objects of one request, and characters of a collection's name and an object's id (spec tracking-api §2.7). */
  objectsOfRequest: 10,
  objectNameLength: 100,
  /** Bytes of an upload of the bulk API as it comes, and how many times as many it may be inflated; bytes of one object. */
  bulkUploadBytes: 512 * MB,
  bulkInflation: 20,
  bulkObjectBytes: 400 * KB,
  /** Bytes of an upload, about, that become durable together: what is held of it. */
  bulkPieceBytes: 256 * KB,
  /** Uploads of one write key at once. */
  bulkUploads: 20,
  /** A sync of which nothing was heard for so long is over; so many are remembered. */
  bulkSyncMs: 10 * minute,
  bulkSyncs: 10_000,
  /** Exchanges with the control plane under way, event streams not counted. */
  forwarded: 1_024,
  /** Refused items of one batch recorded one by one beyond `batchEvents`; what follows is only counted. */
  refusedItems: 10_000,
  /** Refused items of one batch that the answer lists. */
  rejectedItems: 1_000,
  /** Seconds a client is asked to wait (Retry-After) while the log cannot take more. */
  unavailableRetryAfter: 5,
  /** Distinct Authorization headers remembered with their source. */
  headerCache: 10_000,
  /** Requests for access tokens that an OAuth app may make a second: a client needs two in a token's life. */
  tokenRequestsPerSecond: 10,
  /** Bytes of a request for an access token: an assertion has about 1,000. */
  tokenRequestBytes: 16 * KB,
  /** Seconds between the making and the expiry of an assertion at most (spec §3.4). */
  assertionSeconds: 60,
  /** Seconds that the clock of an OAuth client may be off. */
  assertionSkewSeconds: 10,
  /** Assertions remembered against replay: what 100 busy apps can use in `assertionSeconds`. */
  assertionsKept: 100_000,
  /** Assertions written to their file between two writings of the whole. */
  assertionsAppended: 10_000,
  /** Access tokens that may be revoked one by one and have not expired yet. */
  revokedTokens: 10_000,
  /** A write key in use is reported this often at most, all of this long in one message of so many keys. */
  keyUseEveryMs: 1 * minute,
  keyUseGatherMs: 1 * second,
  keyUsesPerMessage: 500,
  /** Characters that the client settings of one source may have as JSON: every page that uses it loads them. */
  clientSettingsLength: 256 * KB,
  /** Settings documents kept as text, one a write key and address (a few KB each, with many destinations some tens). */
  settingsCache: 64,
  /** Write keys whose analytics.js is kept in memory, ready to send (150 KB each). */
  scriptCache: 64,
  /** Unfinished requests are looked over for their time-out this often. */
  timeoutCheckMs: 2 * second,
  /** Proxies a request may name: what is farther than that is not read. */
  proxyHops: 32,
  /** A new connection must have shown whether it speaks TLS, and finished its handshake, within this time. */
  tlsHandshakeMs: 30 * second,
  /** The certificate's files are looked at this often. */
  certificateCheckMs: 2 * second,
  /** In-flight requests are given this long when ingest stops: less than `stopMs`. */
  ingestStopMs: 5 * second,

  // --- Logs ---
  /** Bytes of one record: an enterprise request and its meta fit. */
  logRecordBytes: 4 * MB,
  /** A file is closed and the next begun at this size: the unit of retention. */
  logFileBytes: 128 * MB,
  /** A batch that is on its way to Kafka for longer than this, ms, means that the brokers are away. */
  kafkaStuckMs: 2_000,
  /** Bytes waiting for the flush; beyond, appends are refused as `log_unavailable`. */
  logPendingBytes: 64 * MB,
  /** A commit of up to this many bytes may be written on the event loop's thread, while that is quick … */
  logInlineBytes: 256 * KB,
  /** … which is to say, takes no longer than this on average. */
  logInlineMs: 2,
  /** Bytes read at once by a reader. */
  logReadBytes: 1 * MB,
  /** A commit is closed at this size, so that a reader never holds much more at once. */
  logCommitBytes: 1 * MB,
  /** Bytes written as zeros ahead of a writer at most: overwriting flushes faster than growing. */
  logZeroAheadBytes: 4 * MB,
  /** How long a writer waits for a predecessor that is just ending to let go of the log: longer than `stopMs`. */
  logLockWaitMs: 12 * second,
  /** Files of all logs that the readers of a process keep open. */
  logOpenFiles: 64,
  /** Stretches of a log, of `logReadBytes`, and indexes of its files that its readers share. */
  logChunksKept: 2,
  logIndexesKept: 64,
  /** Share of the disk kept free for process, cursors and SQLite, and its least size. */
  diskReserveRatio: 0.05,
  diskReserveBytes: 1024 * MB,
  /** `events` is kept this long whatever the cursors say. */
  eventsRetentionMs: 7 * 24 * hour,
  /** `results` and `discards` are kept this long. */
  discardsRetentionMs: 30 * 24 * hour,
  /** Bytes that `results` and `discards` may each take, also after a clock has jumped ahead. */
  outcomesBytes: 8_192 * MB,
  /** Bytes of discards kept per source once their `events` file is gone. */
  discardsPerSourceBytes: 64 * MB,

  // --- Process ---
  /** A messageId is remembered this long, measured in receivedAt (spec §7.7: at least 24 h). */
  dedupeWindowMs: 24 * hour,
  /** Dedupe keys that may wait for their record in `seen`; beyond, the range is left to a rebuild. */
  dedupePendingKeys: 256 * 1024,
  /** Keys, or milliseconds since the first of them, after which a record of `seen` is written. */
  seenRecordKeys: 8 * 1024,
  seenRecordMs: 1 * second,
  /** Bytes of the events of one request with the envelope merged into each; items beyond are refused. */
  requestEventsBytes: 32 * MB,
  /** Bytes of events after which a commit takes no further request. */
  commitBytes: 1 * MB,
  /** Suppressed users read from the database at once. */
  suppressionsRead: 2_000,
  /** User agents whose verdict, bot or not, is remembered. */
  botVerdicts: 10_000,
  /** While `events` takes nothing, the same commit is tried again this often. */
  processRetryFirstMs: 100,
  processRetryMostMs: 5 * second,
  /** Bytes of discards written with payload per source and minute; the rest is counted (7 days: 2.5 GB a source). */
  discardPayloadBytesPerMinute: 256 * KB,

  // --- Delivery ---
  /** Events in flight per lane. */
  laneConcurrency: 64,
  /** Parked events of a lane; at the bound its cursor stops. */
  parkedEvents: 100_000,
  /** Time from the first attempt to giving up, the circuit's open time not counted (spec §13). */
  retryForMs: 4 * hour,
  retryFirstMs: 1 * second,
  retryMostMs: 10 * minute,
  /** Tries of an event that meets an unknown exception. */
  bugAttempts: 3,
  /** Cursor commits: at most this much work repeats after a crash. */
  cursorCommitMs: 100,
  /** Circuit: over half of at least this many attempts within the window failed. */
  circuitAttempts: 20,
  circuitWindowMs: 1 * minute,
  circuitProbeFirstMs: 5 * second,
  circuitProbeMostMs: 30 * second,
  /** A lane that was told 429 without a Retry-After sends nothing for so long; and it halves its places no more often. */
  pacePauseMs: 1 * second,
  /** An answer that takes so long is a slow one. A lane with mostly slow or bad ones works so long after the others. */
  laneSlowMs: 250,
  sickTurnMs: 20,
  /** Time-out of one delivery. */
  sendTimeoutMs: 10 * second,
  /** Bytes of an answer that are read; the rest is thrown away. */
  answerBytes: 16 * KB,
  /** Longest Retry-After that is honoured. */
  retryAfterMostMs: 1 * hour,
  /** Time-out of one request of a destination of the library, where it names a longer one than `sendTimeoutMs`. */
  libraryTimeoutMs: 19 * second,
  /** Time-out of one call into the library, which may make several requests. */
  libraryCallMs: 60 * second,
  /** Bytes of an answer that a destination of the library reads: one to a batch names each of its events. */
  libraryAnswerBytes: 4 * MB,
  /** Events of one batch, and the characters of their texts, whatever the mapping asks for. */
  sendBatchEvents: 1_000,
  sendBatchLength: 4 * MB,
  /** A batch that is not full waits so long for more events. */
  sendBatchLingerMs: 200,
  /** Batches in flight per lane. */
  sendBatchConcurrency: 8,
  /** Events of a lane with batches that are read and neither finished nor parked, and their bytes. */
  sendBatchWindowEvents: 8_192,
  sendBatchWindowBytes: 16 * MB,
  /** Sockets of the delivery pool per origin: what one lane may have in flight. */
  httpConnections: 64,
  /** Time to connect, name resolution and TLS included. */
  connectTimeoutMs: 5 * second,
  /** Events of a lane that are read and neither finished nor parked, and their bytes. */
  laneWindowEvents: 1_024,
  laneWindowBytes: 4 * MB,
  /** Bytes of newest events kept in memory for all lanes at the tail. */
  tailCacheBytes: 4 * MB,
  /** Rows of parked events written in one transaction: keeps it well below 10 ms. */
  commitRows: 500,
  /** Failed attempts kept of each connection, with requests and answers; written so often, ms. */
  failuresKept: 20,
  failuresEveryMs: 1_000,
  /** Requests shown of one attempt, and characters of a header or a body. */
  exchangesOfAttempt: 10,
  exchangeTextLength: 4_096,
  /** `retrying` and `delivered` records written to `results` a minute and source; more are only counted. */
  outcomesPerMinute: 6_000,
  /** Discards with payload a minute and source; what is above shares one counted record per write. */
  discardsPerMinute: 60_000,

  // --- Warehouses ---
  /** Characters of a text in a column (spec tracking-api §14.3); the whole of a longer one is in the row's overflow. */
  warehouseTextLength: 512,
  /** Tables of events of one source; further events are in `tracks` alone, with their properties in the overflow. */
  warehouseTables: 5_000,
  /** Paths of values of one source whose columns are remembered, 200 B each. */
  warehousePaths: 50_000,
  /** Events that are loaded at once, bytes of log they come from, and tables they go to. */
  unitEvents: 10_000,
  unitBytes: 8 * MB,
  unitTables: 200,
  /**
   * Where an engine has no index of ids: an event whose id is already among the rows received so long before the oldest of
   * its batch, or later, is a duplicate (spec tracking-api §14.5).
   */
  warehouseDedupeMs: 7 * 24 * hour,
  /** Warehouses that one node loads at once; one that does not come on for a while is not counted among them, up to the second. */
  warehouseLoads: 2,
  warehouseLoadsMost: 8,
  /** It does not come on when no unit was loaded for this long. */
  warehouseStallMs: 1 * minute,
  /** A sync ends after this at the latest, and the next goes on; what it has loaded stays. */
  warehouseSyncMs: 30 * minute,
  /** One statement of a sync, where the engine can bound it. */
  warehouseStatementMs: 10 * minute,
  /** A sync that was told to end and has not ended so long after is given up: nothing of its unit is counted on. */
  warehouseEndMs: 5 * minute,
  /** A server that stops waits so long for the units at hand, and the process of the loads so long once more: see `stopMs`. */
  warehouseStopMs: 3 * second,
  /** A sync that somebody asked for waits so long for process to come to what was accepted before. */
  warehouseProcessMs: 1 * minute,
  /** The process of the loads ends when it had nothing to do for this long. */
  warehouseIdleMs: 20 * second,
  /** While the node is busy with events, a sync that its interval asks for waits so much longer, ms. */
  warehouseGiveWayMs: 10 * minute,
  /** Kinds of misfits that one sync lists; what is above is counted. */
  syncNotices: 50,
  /** Syncs of a warehouse that failed one after another are tried again after twice as long each time, up to this. */
  warehouseRetryMostMs: 1 * hour,
  /** Of a query: time, rows of a page, and characters of its text. */
  warehouseQueryMs: 30 * second,
  warehouseQueryRows: 10_000,
  warehouseQueryLength: 64 * KB,
  /** Back-fills of one warehouse that may run at once. */
  warehouseBackfills: 10,

  // --- Object stores ---
  /** Bytes of a key: S3 takes 1,024 with the prefix. */
  objectKeyBytes: 800,
  /** Tries of one request to S3, and the time of one. */
  objectAttempts: 3,
  objectTimeoutMs: 60 * second,

  // --- Archive ---
  /** Bytes of events, before and after gzip, and files that one batch takes: a file is at most so large. */
  archiveBatchBytes: 128 * MB,
  archiveBatchFileBytes: 16 * MB,
  archiveBatchFiles: 1_000,
  /** Bytes and events that are compressed at once: what has to be inflated to read one event. */
  archiveMemberBytes: 256 * KB,
  archiveMemberEvents: 1_000,
  /** Bytes of events that wait to be compressed, over all files of a batch. */
  archiveWaitingBytes: 8 * MB,
  /** While the worker is busy with process and delivery, so many bytes of events may wait for the archive. */
  archiveBacklogBytes: 1024 * MB,
  /** It is looked this often whether something is to be archived, or deleted. */
  archiveTickMs: 10 * second,
  /** Rows of the manifest read, or written, at once. */
  archiveRows: 200,

  // --- Work that one node does at a time ---
  /** A lease that is not renewed is over after this time; its holder stops a tenth earlier. */
  leaseMs: 10 * second,
  /** Who waits for a lease asks this often. */
  leaseAskMs: 250,

  // --- Process tree ---
  /** SIGTERM to exit. */
  stopMs: 8 * second,
  restartFirstMs: 200,
  restartMostMs: 10 * second,

  // --- What shapes events ---
  /** Bytes of a condition in FQL, and filters of one destination (spec tracking-api §10.1). */
  fqlBytes: 5 * KB,
  filtersOfDestination: 10,
  /** Rules of one tracking plan (spec tracking-api §11). */
  trackingPlanRules: 2_000,
  /** Bytes of a request that may hold all rules of a plan: 4 KB each. */
  rulesBodyBytes: 8 * MB,
  /** Values that one transformation sets, and the paths of each (spec public-api §6). */
  transformationValues: 10,
  transformationPaths: 10,
  /** Characters of a list, as JSON, that a transformation defines in FQL. */
  definedValueLength: 64 * KB,
  /** Violations of its tracking plan that are told of one event, and characters of the description of each. */
  planViolations: 50,
  violationLength: 300,
  /** Instructions of a pattern in a tracking plan: `^[A-Z]{2}-\\d{4}$` has about 15. */
  patternSize: 1_000,
  /** Steps that the check of one event by one JSON Schema may take, and how deep its references may lead. */
  schemaSteps: 50_000,
  schemaDepth: 200,
} as const;
