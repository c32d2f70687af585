import type { EventType } from './event.ts';
import type { JsonObject } from './json.ts';

/** What a function is for (spec tracking-api §12). */
export const functionKinds = ['source', 'destination', 'insert'] as const;
export type FunctionKind = (typeof functionKinds)[number];

/** The handlers that code may define (spec tracking-api §12). `onRequest` is that of source functions, the others are not. */
export const functionHandlers = [
  'onRequest',
  'onIdentify',
  'onTrack',
  'onPage',
  'onScreen',
  'onGroup',
  'onAlias',
  'onDelete',
  'onBatch',
] as const;
export type FunctionHandler = (typeof functionHandlers)[number];

/** Code as it was deployed. The same id always has the same code. */
export interface FunctionVersion {
  readonly id: string;
  readonly kind: FunctionKind;
  readonly code: string;
}

/** A deployed function where it is used, as the snapshot has it. */
export interface ConnectedFunction {
  readonly version: FunctionVersion;
  /** Names of the settings that it declares as sensitive. */
  readonly secrets: readonly string[];
}

/** The function of a source, with the settings that the source has for it; in a snapshot sensitive ones are sealed as JSON text. */
export interface SourceFunction extends ConnectedFunction {
  readonly settings: JsonObject;
}

/** An insert function in front of a destination. */
export interface InsertFunction extends SourceFunction {
  /** Of the function instance whose settings these are. */
  readonly id: string;
}

/** The slug of connections whose destination is a function of the workspace. */
export const functionDestinationSlug = 'destination-function';

/** What came to the address of a source function. */
export interface FunctionRequest {
  /** Absolute, with its query. */
  readonly url: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type FunctionInput =
  /** JSON text of one event; `type` names the handler. `delete` is a regulation: `{type, userId, timestamp}`. */
  | { readonly kind: 'event'; readonly type: EventType | 'delete'; readonly text: string }
  /** JSON texts of events, for `onBatch`. */
  | { readonly kind: 'batch'; readonly texts: readonly string[] }
  | { readonly kind: 'request'; readonly request: FunctionRequest };

export interface FunctionInvocation {
  readonly version: FunctionVersion;
  /**
   * Invocations of the same version and instance may share global variables and `cache`; others never
   * do. The id of the destination, source or function instance whose settings these are.
   */
  readonly instance: string;
  /** With their secrets opened. */
  readonly settings: JsonObject;
  /** Names of the settings whose values are blacked out in logs and messages. */
  readonly secrets?: readonly string[];
  readonly input: FunctionInput;
  /** When it aborts, the invocation ends as `timeout`. */
  readonly signal?: AbortSignal;
  /** A test run: nothing is shared with other invocations, and its requests are in the report. */
  readonly trial?: boolean;
}

/** Why an invocation failed. Names are those of the documentation of functions where it has one. */
export const functionFailures = {
  bad_request: { retry: 'never', meaning: 'The code threw an error of its own.' },
  invalid_settings: {
    retry: 'never',
    meaning:
      'The code cannot be loaded: a syntax error, an error outside of its handlers, or a handler that its kind needs is missing.',
  },
  message_rejected: {
    retry: 'never',
    meaning: 'The code threw `InvalidEventPayload` or `ValidationError`.',
  },
  unsupported_event_type: {
    retry: 'never',
    meaning: 'The code has no handler for this type of event, or threw `EventNotSupported`.',
  },
  dropped: {
    retry: 'never',
    meaning: 'An insert function threw `DropEvent`, or returned nothing.',
  },
  retry: { retry: 'always', meaning: 'The code threw `RetryError`.' },
  timeout: {
    retry: 'always',
    meaning: 'The invocation took longer than it may, or more CPU, or the code threw `Timeout`.',
  },
  memory_exceeded: { retry: 'few', meaning: 'The code took more memory than it may.' },
  interrupted: {
    retry: 'always',
    meaning:
      'Through no fault of its own: what it ran in was stopped because of another invocation.',
  },
  overloaded: { retry: 'always', meaning: 'Too many invocations wait for the function.' },
} as const satisfies Record<string, { retry: 'never' | 'always' | 'few'; meaning: string }>;
export type FunctionFailure = keyof typeof functionFailures;

/** What a source function sent with `Segment.track` and the others, in that order. */
export interface EmittedCall {
  readonly type: EventType | 'set';
  readonly payload: JsonObject;
}

/** One item of what `onBatch` of a destination function returned. */
export interface BatchItemOutcome {
  readonly status: number;
  readonly message: string;
}

export type FunctionOutcome =
  /** A destination function, or any `onDelete`, has finished. */
  | { readonly kind: 'done' }
  /** `onBatch` of a destination function told of each event; aligned with the batch. */
  | { readonly kind: 'items'; readonly items: readonly BatchItemOutcome[] }
  /** An insert function returned the event, as JSON text. */
  | { readonly kind: 'event'; readonly text: string }
  /** `onBatch` of an insert function; aligned with the batch, absent ones are dropped. */
  | { readonly kind: 'events'; readonly texts: readonly (string | undefined)[] }
  /** A source function has finished. What a failed one sent is not sent: its retry sends it. */
  | { readonly kind: 'emitted'; readonly calls: readonly EmittedCall[] }
  | { readonly kind: 'failed'; readonly failure: FunctionFailure; readonly message: string };

export interface FunctionLog {
  readonly level: 'debug' | 'log' | 'info' | 'warn' | 'error';
  readonly text: string;
}

/** A request that the code made, of a trial. */
export interface FunctionTrace {
  readonly method: string;
  readonly url: string;
  /** Absent: there was no answer, and `problem` says why. */
  readonly status?: number;
  readonly problem?: string;
}

export interface FunctionReport {
  readonly outcome: FunctionOutcome;
  /** At most `limits.functionLogLength` characters; `logsCut` when there was more. */
  readonly logs: readonly FunctionLog[];
  readonly logsCut: boolean;
  /** From the start of the handler, without the wait before. */
  readonly durationMs: number;
  /** Empty unless it is a trial. */
  readonly traces: readonly FunctionTrace[];
}

/**
 * Runs users' code where it can reach nothing but what it was given. Never throws and never waits for
 * longer than an invocation may take and wait: whatever the code does is an outcome.
 */
export interface Functions {
  invoke(invocation: FunctionInvocation): Promise<FunctionReport>;
  /** What runs ends as `interrupted`. */
  stop(): Promise<void>;
}

/** The handler that an input asks for. */
export function handlerOf(input: FunctionInput): FunctionHandler {
  if (input.kind === 'request') return 'onRequest';
  if (input.kind === 'batch') return 'onBatch';
  return eventHandlers[input.type];
}

const eventHandlers = {
  identify: 'onIdentify',
  track: 'onTrack',
  page: 'onPage',
  screen: 'onScreen',
  group: 'onGroup',
  alias: 'onAlias',
  delete: 'onDelete',
} as const satisfies Record<EventType | 'delete', FunctionHandler>;

/** A report of something that never ran. */
export function notRun(failure: FunctionFailure, message: string): FunctionReport {
  const outcome = { kind: 'failed', failure, message } as const;
  return { outcome, logs: [], logsCut: false, durationMs: 0, traces: [] };
}
