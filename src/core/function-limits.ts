const KB = 1024;
const MB = 1024 * KB;
const second = 1_000;
const minute = 60 * second;

/** Users' code: what it may take, and what is kept of it. A part of `limits`. */
export const functionLimits = {
  /** Characters of a function's code, and versions of it that are kept. */
  functionCodeLength: 512 * KB,
  functionVersions: 100,
  /** Of one invocation, from the start of its handler (spec tracking-api §12). */
  functionWallMs: 5 * second,
  /** Of one stretch of code without an await. */
  functionCpuMs: 2 * second,
  /** Heap and buffers of one function version and instance. */
  functionMegabytes: 64,
  /** Invocations of one version and instance that run at once; each has global variables of its own. */
  functionContexts: 32,
  /** Invocations of one version and instance that wait; beyond, they are told to come back. */
  functionWaiting: 1_000,
  /** Versions and instances kept warm; the one unused for longest goes first, each after ten minutes. */
  functionInstances: 64,
  functionIdleMs: 10 * minute,
  /** Characters of logs kept of one invocation (spec tracking-api §12). */
  functionLogLength: 4 * KB,
  /** Invocations of a place where a function is used that are kept for people to read, and for how long (spec tracking-api §12). */
  functionInvocations: 100,
  functionInvocationsMs: 30 * 24 * 60 * minute,
  functionInvocationsEveryMs: 1 * second,
  /** Characters of the name and the message of an error that code threw. */
  functionMessageLength: 1 * KB,
  /** Characters that one invocation returns, or sends with `Segment.track`: 400 events of a batch. */
  functionResultLength: 16 * MB,
  /** Requests of one invocation, their redirects, and bytes of a request's and an answer's body. */
  functionRequests: 100,
  functionRedirects: 5,
  functionRequestBytes: 1 * MB,
  functionAnswerBytes: 2 * MB,
  /** Requests of all functions of a process that are under way at once; more wait, up to so many bytes of bodies. */
  functionFetches: 128,
  functionFetchBytes: 32 * MB,
  /** Bytes that one call to a host library (hash, inflate) takes and gives. */
  functionHostBytes: 16 * MB,
  /** Code that broke a bound, or was there when its process died, runs apart from the rest for this long, in one of so many processes. */
  functionApartMs: 10 * minute,
  functionApartProcesses: 2,
  /** A process of functions is asked for a sign of life this often while it has work, and killed after so long without one. */
  functionPingMs: 1 * second,
  functionSilentMs: 5 * second,
  /** Bytes of a request to a source function (spec tracking-api §2.8). */
  sourceFunctionBytes: 512 * KB,
  /** Events that `onBatch` of a destination function gets at once (spec tracking-api §12). */
  functionBatchEvents: 20,
  /** Resident bytes at which a process of functions is ended. */
  functionProcessBytes: 1_536 * MB,
  /** Versions whose code a process of functions holds. */
  functionVersionsHeld: 256,
} as const;
