/**
 * A record of a log as a record of Kafka, so that Kafka's own tools show what it is:
 *
 *   key        the id of the source; none where it belongs to none
 *   value      the body
 *   timestamp  when the commit was made, milliseconds
 *   headers    `kind`: the number as text; `meta`: the JSON text, where there is one; `mark`: see below
 *
 * A commit is one batch, which a broker keeps whole or not at all. Its last record carries the log's mark,
 * where it has one. A record without a kind is not the pipeline's: it carries a mark alone, or says that a new
 * writer has begun. The offset of the pipeline is Kafka's plus one, so that 0 is before every record.
 */
import type { KafkaRecord, MessageRecord, RecordsBatch } from '@platformatic/kafka';
import type { LogEntry, LogRecord, Offset } from '../../../core/event-log.ts';

const kindHeader = Buffer.from('kind');
const metaHeader = Buffer.from('meta');
const markHeader = Buffer.from('mark');
const none = Buffer.alloc(0);
const kinds = Array.from({ length: 256 }, (_, kind) => Buffer.from(String(kind)));

/** Where a message goes. */
export interface Place {
  readonly topic: string;
  readonly partition: number;
}

export function toMessage(entry: LogEntry, place: Place, time: bigint): MessageRecord {
  const headers = new Map([[kindHeader, kinds[entry.kind] ?? none]]);
  if (entry.meta !== '') headers.set(metaHeader, Buffer.from(entry.meta));
  const value = Buffer.from(entry.body);
  const key = entry.source === '' ? undefined : Buffer.from(entry.source);
  return { ...place, value, headers, timestamp: time, ...(key && { key }) };
}

/** A record that is not the pipeline's. */
export function bareMessage(place: Place, time: bigint): MessageRecord {
  return { ...place, value: none, headers: new Map(), timestamp: time };
}

export function withMark(message: MessageRecord, mark: Offset): MessageRecord {
  const headers = new Map(message.headers).set(markHeader, Buffer.from(String(mark)));
  return { ...message, headers };
}

/** What the record says; undefined when it is not the pipeline's. */
export function toRecord(batch: RecordsBatch, record: KafkaRecord): LogRecord | undefined {
  const kind = header(record, kindHeader);
  if (kind === undefined) return undefined;
  return {
    offset: offsetOf(batch, record),
    kind: Number(kind.toString('latin1')),
    source: record.key?.toString('latin1') ?? '',
    meta: header(record, metaHeader)?.toString() ?? '',
    body: record.value ?? none,
  };
}

export function markOf(record: KafkaRecord): Offset | undefined {
  const mark = header(record, markHeader);
  return mark === undefined ? undefined : Number(mark.toString('latin1'));
}

export function offsetOf(batch: RecordsBatch, record: KafkaRecord): Offset {
  return toOffset(batch.firstOffset) + record.offsetDelta;
}

/** Kafka's offset as the pipeline's. */
export function toOffset(kafka: bigint): Offset {
  return Number(kafka) + 1;
}

/** The pipeline's offset as Kafka's. */
export function toKafka(offset: Offset): bigint {
  return BigInt(Math.max(0, offset - 1));
}

function header(record: KafkaRecord, name: Buffer): Buffer | undefined {
  for (const [key, value] of record.headers) {
    if (key !== null && value !== null && key.equals(name)) return value;
  }
  return undefined;
}
