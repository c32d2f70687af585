import { type DiscardCode, discardTable } from '../core/discard-codes.ts';
import type { LogEntry, Offset } from '../core/event-log.ts';
import { isJsonObject, type Json } from '../core/json.ts';
import { limits } from '../core/limits.ts';
import { type DiscardMeta, recordKinds } from '../core/records.ts';
import { type CountedDiscard, countedName } from '../core/usage/usage.ts';
import type { DiscardQuota } from './discard-quota.ts';

/** One item that becomes no event. */
export interface Discarded {
  readonly source: string;
  /** Stamp: offset of the request and index of the item. */
  readonly input: Offset;
  readonly item: number;
  readonly code: DiscardCode;
  readonly receivedAt: number;
  readonly field?: string | undefined;
  /** In words, what the code leaves open. */
  readonly detail?: string | undefined;
  /** The call, where the path says it: the item need not. */
  readonly call?: string | undefined;
  /** The item as parsed; undefined when the request held none. */
  readonly value?: Json | undefined;
  /** The request as it came, when it could not be parsed. */
  readonly raw?: Buffer;
}

interface Omitted {
  readonly first: Discarded;
  count: number;
}

const empty = new Uint8Array(0);
/** Bytes a discard takes beside its payload, about. */
const overheadBytes = 256;
/** Characters kept of a client's text in the meta, and bytes of a record that the meta may take. */
const textLength = 200;
const metaBytes = 16 * 1_024;

/**
 * The discards of one commit, as records. Within the quota each has its payload; beyond it, what a
 * source lost for one reason becomes a single record that says how many items it stands for, so
 * that nothing is dropped unsaid and the log grows no faster than the input.
 */
export class DiscardCollector {
  readonly entries: LogEntry[] = [];
  /** Items per `source` and code, for the metrics. */
  readonly counts = new Map<string, Map<DiscardCode, number>>();
  /** Each item, for those who count by more. */
  readonly counted: CountedDiscard[] = [];
  /** And each that leaves no record. */
  readonly unlogged: CountedDiscard[] = [];
  readonly #partition: number;
  readonly #quota: DiscardQuota;
  readonly #omitted = new Map<string, Omitted>();

  constructor(partition: number, quota: DiscardQuota) {
    this.#partition = partition;
    this.#quota = quota;
  }

  add(discarded: Discarded): void {
    const { source, code, receivedAt: t } = discarded;
    this.count(source, code);
    const { type = '', event } = describe(discarded);
    this.counted.push({ source, t, code, type, name: countedName(type, event), count: 1 });
    const body = payload(discarded);
    if (this.#quota.take(source, body.length + overheadBytes)) {
      const fits = body.length <= limits.logRecordBytes - metaBytes;
      const note = fits ? '' : ' The payload is omitted: it is larger than a record.';
      const { detail = '' } = discarded;
      const message = `${discardTable[code].meaning}${detail && ` ${detail}`}${note}`;
      this.#push(discarded, message, fits ? body : empty);
      return;
    }
    const key = `${source}\u0000${code}`;
    const omitted = this.#omitted.get(key);
    if (omitted === undefined) this.#omitted.set(key, { first: discarded, count: 1 });
    else omitted.count++;
  }

  /** An item of which nothing is kept. */
  countUnlogged(source: string, code: DiscardCode, t: number, type: Json | undefined): void {
    this.count(source, code);
    this.unlogged.push({ source, t, code, type: textOf(type) ?? '', name: '', count: 1 });
  }

  /** Counts without a record: what concerns a batch as a whole. */
  count(source: string, code: DiscardCode): void {
    const ofSource = this.counts.get(source) ?? new Map<DiscardCode, number>();
    this.counts.set(source, ofSource.set(code, (ofSource.get(code) ?? 0) + 1));
  }

  /** Writes the records that stand for items over the quota. Called once, when the commit is complete. */
  finish(): void {
    for (const { first, count } of this.#omitted.values()) {
      const meaning = discardTable[first.code].meaning;
      const note = `${meaning} ${count} without payload: the source is over its quota of discards.`;
      this.#push(first, note, empty, count);
    }
    this.#omitted.clear();
  }

  #push(discarded: Discarded, message: string, body: Uint8Array, count?: number): void {
    const { source, input, item, code, field } = discarded;
    const { messageId, type, event } = describe(discarded);
    const meta: DiscardMeta = {
      id: `${this.#partition}-${input.toString(36)}-${item}-${code}`,
      stage: discardTable[code].stage,
      code,
      t: discarded.receivedAt,
      message,
      ...(field !== undefined && { field }),
      ...(messageId !== undefined && { messageId }),
      ...(type !== undefined && { type }),
      ...(event !== undefined && { event }),
      ...(count !== undefined && { count }),
    };
    this.entries.push({ kind: recordKinds.discard, source, meta: JSON.stringify(meta), body });
  }
}

function describe({
  value,
  call,
}: Discarded): Readonly<Record<'messageId' | 'type' | 'event', string | undefined>> {
  const item = isJsonObject(value) ? value : {};
  const event = textOf(item['event']);
  return { messageId: textOf(item['messageId']), type: call ?? textOf(item['type']), event };
}

function payload(discarded: Discarded): Uint8Array {
  if (discarded.raw !== undefined) return Buffer.from(discarded.raw);
  return discarded.value === undefined ? empty : Buffer.from(JSON.stringify(discarded.value));
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value.slice(0, textLength) : undefined;
}
