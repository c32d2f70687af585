import type { Transaction } from 'kysely';
import type { DiscardCode } from '../discard-codes.ts';
import type { EventType } from '../event.ts';
import type { Offset } from '../event-log.ts';
import { isJsonObject, type Json } from '../json.ts';
import { limits } from '../limits.ts';
import type { WorkTables } from '../tables/work-tables.ts';

/** What is counted of an event. */
export interface CountedEvent {
  readonly source: string;
  /** receivedAt, ms: the minute that it counts to. */
  readonly t: number;
  readonly type: EventType;
  /** `event` of a track call; '' for others. */
  readonly name: string;
  /** `context.app.version`, '' when there is none. */
  readonly version: string;
  /** As `EventMeta` has them. */
  readonly userId: string | undefined;
  readonly anonymousId: string | undefined;
  /** Sent again from discards for one destination, and an event before: it was counted the first time. */
  readonly isAgain?: true;
}

/** Items that became no event, and why. */
export interface CountedDiscard {
  readonly source: string;
  /** receivedAt, ms. */
  readonly t: number;
  readonly code: DiscardCode;
  readonly type: string;
  readonly name: string;
  readonly count: number;
}

/** What process has committed to the log `events`, in the order of the commits. */
export interface CountedCommit {
  readonly events: readonly CountedEvent[];
  /** Which of `events` are new and in the log now, and which were seen before. What waits for a function counts when it is there. */
  readonly admitted: readonly number[];
  readonly repeated: readonly number[];
  readonly discards: readonly CountedDiscard[];
  /** Those that left no record in the log. */
  readonly unlogged: readonly CountedDiscard[];
  /** The end of the log `events` behind the commit, and its mark. */
  readonly end: Offset;
  readonly mark: Offset;
}

/** Counts what process does. Never waits, never throws. */
export interface ProcessUsage {
  /** Called once a commit. */
  committed(commit: CountedCommit): void;
  /** Called before what waited for functions is first written to `events`: it is counted from there. */
  returning(): void;
}

/** What one destination does. Called for each event: cheap. */
export interface DestinationUsage {
  /** `attempts`: made in all. `ms`: since receivedAt. */
  delivered(event: DeliveredEvent, attempts: number, ms: number): void;
  /** An attempt failed and will be repeated. */
  retried(event: DeliveredEvent): void;
  /** Not for the destination. */
  filtered(event: DeliveredEvent | undefined, code: DiscardCode): void;
  /** Given up. `event`: undefined for what can no longer be read, or `count` events of a range. */
  failed(
    event: DeliveredEvent | undefined,
    code: DiscardCode,
    count: number,
    attempts: number,
  ): void;
  /** The first attempt begins, so many ms after receivedAt. */
  attempted(ms: number): void;
}

/** An event as deliver has it: `name` and `version` as they are counted. */
export interface DeliveredEvent {
  readonly meta: { readonly type: EventType };
  readonly name: string;
  readonly version: string;
}

/** Part of a transaction; `cost` is about how many rows it writes. */
export interface UsageStep {
  readonly cost: number;
  run(rows: Transaction<WorkTables>): Promise<void>;
}

/** Counts to be written with the cursors that they belong to. */
export interface UsageCommit {
  /** May be spread over several transactions, in order. */
  readonly steps: readonly UsageStep[];
  /** All of it is committed. */
  done(): void;
  /** Something was not, or nobody knows. */
  failed(): void;
}

/** Counts what deliver does, of one partition. */
export interface DeliverUsage {
  destination(source: string, destination: string): DestinationUsage;
  /** What to write with the commit at hand; `done` or `failed` is called before the next. */
  collect(): UsageCommit;
  /** Calls `listener` when something is to be written although no cursor moves. */
  onDue(listener: () => void): void;
}

/** The name of an event as it is counted: that of a track call, cut. */
export function countedName(type: string, event: Json | undefined): string {
  return type === 'track' && typeof event === 'string'
    ? event.slice(0, limits.countedNameLength)
    : '';
}

/** The app's version as it is counted, cut likewise; '' when there is none. */
export function countedVersion(context: Json | undefined): string {
  const app = isJsonObject(context) ? context['app'] : undefined;
  const version = isJsonObject(app) ? app['version'] : undefined;
  return typeof version === 'string' ? version.slice(0, limits.countedNameLength) : '';
}
