import type {
  BatchItemOutcome,
  EmittedCall,
  FunctionFailure,
  FunctionKind,
  FunctionLog,
  FunctionOutcome,
} from '../../core/functions.ts';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { limits } from '../../core/limits.ts';
import { parsedObject } from './parsed-object.ts';

/** What of a job the meaning of its result depends on. */
export interface ResultOf {
  readonly kind: FunctionKind;
  readonly handler: string;
  /** Events in the batch; 0: it is none. */
  readonly events: number;
}

export interface ReadResult {
  readonly outcome: FunctionOutcome;
  readonly logs: readonly FunctionLog[];
  readonly logsCut: boolean;
}

/** The meaning of the text that the guest's `run` yields. It is the word of code that may mean harm. */
export function readResult(text: string, of: ResultOf, longest: number): ReadResult {
  if (text.length > longest) {
    return {
      ...noLogs,
      outcome: failed('bad_request', `More than ${longest} characters came back`),
    };
  }
  const result = parsedObject(text);
  if (result === undefined) {
    return { ...noLogs, outcome: failed('bad_request', 'What came back cannot be read') };
  }
  const { error } = result;
  const outcome = isJsonObject(error) ? outcomeOfError(error, of) : outcomeOfValue(result, of);
  return { outcome, ...readLogs(result) };
}

const noLogs = { logs: [], logsCut: false };

/** The logs of an invocation, as the guest's `drain` and `run` tell them. */
export function readLogs(result: JsonObject): { logs: FunctionLog[]; logsCut: boolean } {
  const list: readonly Json[] = Array.isArray(result['logs']) ? result['logs'] : [];
  let room: number = limits.functionLogLength;
  const logs = list.flatMap((line): FunctionLog[] => {
    if (!isJsonObject(line) || room <= 0) return [];
    const text = String(line['text']).slice(0, room);
    room -= Math.max(1, text.length);
    return [{ level: levelOf(line['level']), text }];
  });
  return { logs, logsCut: result['logsCut'] === true };
}

const levels = ['debug', 'log', 'info', 'warn', 'error'] as const;

function levelOf(value: Json | undefined): FunctionLog['level'] {
  return levels.find((level) => level === value) ?? 'log';
}

export function failed(failure: FunctionFailure, message: string): FunctionOutcome {
  return { kind: 'failed', failure, message: message.slice(0, limits.functionMessageLength) };
}

/** Errors that code throws by name (spec tracking-api §12). */
const thrown: Readonly<Record<string, FunctionFailure>> = {
  EventNotSupported: 'unsupported_event_type',
  InvalidEventPayload: 'message_rejected',
  ValidationError: 'message_rejected',
  RetryError: 'retry',
  DropEvent: 'dropped',
  Timeout: 'timeout',
};

function outcomeOfError(error: JsonObject, { kind, handler }: ResultOf): FunctionOutcome {
  const name = textOf(error['name']);
  const message = textOf(error['message']);
  if (name === 'NoHandler') {
    const failure = kind === 'source' ? 'invalid_settings' : 'unsupported_event_type';
    return failed(failure, `The function has no ${handler}`);
  }
  const known = Object.hasOwn(thrown, name) ? thrown[name] : undefined;
  if (known !== undefined) return failed(known, message === '' ? name : message);
  const line = textOf(error['line']);
  return failed('bad_request', `${name}: ${message}${line === '' ? '' : ` (line ${line})`}`);
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

function outcomeOfValue(result: JsonObject, { kind, handler, events }: ResultOf): FunctionOutcome {
  const { value } = result;
  if (kind === 'source') return { kind: 'emitted', calls: emittedCalls(result['emitted']) };
  if (handler === 'onDelete') return { kind: 'done' };
  if (kind === 'destination') {
    const items = events > 0 && Array.isArray(value) ? batchItems(value, events) : undefined;
    return items === undefined ? { kind: 'done' } : { kind: 'items', items };
  }
  if (events > 0) {
    if (!Array.isArray(value)) {
      return failed('bad_request', 'onBatch of an insert function returns a list of events');
    }
    const all: readonly Json[] = value;
    const texts = Array.from({ length: events }, (_, at) => eventText(all[at]));
    return { kind: 'events', texts };
  }
  const text = eventText(value);
  return text === undefined
    ? failed('dropped', `${handler} returned no event`)
    : { kind: 'event', text };
}

function eventText(value: Json | undefined): string | undefined {
  return isJsonObject(value) ? JSON.stringify(value) : undefined;
}

function emittedCalls(list: Json | undefined): EmittedCall[] {
  if (!Array.isArray(list)) return [];
  const all: readonly Json[] = list;
  return all.flatMap((item): EmittedCall[] => {
    if (!isJsonObject(item) || !isJsonObject(item['payload'])) return [];
    const type = callTypes.find((one) => one === item['type']);
    return type === undefined ? [] : [{ type, payload: item['payload'] }];
  });
}

const callTypes = ['identify', 'track', 'page', 'screen', 'group', 'alias', 'set'] as const;

/** Undefined: the list does not speak of each event. */
function batchItems(list: readonly Json[], events: number): BatchItemOutcome[] | undefined {
  if (list.length !== events) return undefined;
  const items = list.flatMap((item): BatchItemOutcome[] => {
    if (!isJsonObject(item) || typeof item['status'] !== 'number') return [];
    return [{ status: item['status'], message: textOf(item['errormessage']) }];
  });
  return items.length === events ? items : undefined;
}
