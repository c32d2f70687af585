import type { DiscardCode } from '../../core/discard-codes.ts';
import type { LogEntry, Offset } from '../../core/event-log.ts';
import type { Exchange } from '../../core/exchange.ts';
import { type DiscardMeta, type OutcomeMeta, recordKinds } from '../../core/records.ts';
import type { StoredEvent } from '../events/stored-event.ts';

/** One event, or a range of them, that a lane gives up. */
export interface Discard {
  readonly lane: string;
  readonly connection: string;
  readonly source: string;
  readonly code: DiscardCode;
  readonly message: string;
  readonly attempts: number;
  /** Absent for what can no longer be read. */
  readonly event: StoredEvent | undefined;
  readonly from: Offset;
  readonly to: Offset;
  readonly count: number;
  /** While somebody watches the source. */
  readonly exchanges?: readonly Exchange[] | undefined;
}

const empty = new Uint8Array(0);

/** The record of one discard, with its payload. Its id names the partition: offsets are of one. */
export function discardEntry(discard: Discard, now: number, partition: number): LogEntry {
  const { event, lane, code } = discard;
  if (event === undefined) return rangeEntry([discard], now, partition);
  const { i, n, id, type } = event.meta;
  const name = event.event['event'];
  const meta: DiscardMeta = {
    id: `${partition}-${i}.${n}.${lane}.${code}`,
    stage: 'deliver',
    code,
    t: now,
    message: discard.message,
    messageId: id,
    type,
    ...(typeof name === 'string' && { event: name }),
    destination: discard.connection,
    attempts: discard.attempts,
    ...(discard.exchanges && { exchanges: discard.exchanges }),
  };
  return {
    kind: recordKinds.discard,
    source: discard.source,
    meta: JSON.stringify(meta),
    body: Buffer.from(event.text),
  };
}

/** One counted record, without payload, for several discards of one lane and code, in offset order. */
export function rangeEntry(
  discards: readonly [Discard, ...(readonly Discard[])],
  now: number,
  partition: number,
): LogEntry {
  const [first] = discards;
  const from = Math.min(...discards.map((discard) => discard.from));
  const to = Math.max(...discards.map((discard) => discard.to));
  const meta: DiscardMeta = {
    id: `${partition}-${from}-${to}.${first.lane}.${first.code}`,
    stage: 'deliver',
    code: first.code,
    t: now,
    message: first.message,
    destination: first.connection,
    from,
    to,
    count: discards.reduce((sum, { count }) => sum + count, 0),
  };
  return {
    kind: recordKinds.discard,
    source: first.source,
    meta: JSON.stringify(meta),
    body: empty,
  };
}

export function outcomeEntry(
  kind: 'delivered' | 'retrying',
  source: string,
  meta: OutcomeMeta,
): LogEntry {
  return { kind: recordKinds[kind], source, meta: JSON.stringify(meta), body: empty };
}
