import type { LogRecord } from '../../core/event-log.ts';
import { type DiscardMeta, type OutcomeMeta, recordKinds } from '../../core/records.ts';
import { eventData, type TailSink } from './tail-event.ts';

/** Shows what became of an event: a record of `events` or `results`. Other kinds of records are passed over. */
export function showOutcome(record: LogRecord, sink: TailSink): void {
  switch (record.kind) {
    case recordKinds.discard:
      showDiscard(record, sink);
      break;
    case recordKinds.delivered:
      showAttempt(record, sink, 'delivered');
      break;
    case recordKinds.retrying:
      showAttempt(record, sink, 'retrying');
      break;
  }
}

function showDiscard(record: LogRecord, sink: TailSink): void {
  const meta: DiscardMeta = JSON.parse(record.meta);
  // Refused items were shown when they were received.
  if (meta.stage === 'ingest') return;
  if (!sink.take('discarded')) {
    sink.skip(meta.count ?? 1);
    return;
  }
  const { id, stage, code, message, field, messageId, type, attempts, count, exchanges } = meta;
  const facts = {
    at: new Date(meta.t).toISOString(),
    id,
    stage,
    code,
    message,
    field,
    messageId,
    type,
    destinationId: meta.destination,
    attempts,
    count,
    exchanges,
  };
  sink.show('discarded', eventData(facts, record.body.toString()));
}

function showAttempt(record: LogRecord, sink: TailSink, kind: 'delivered' | 'retrying'): void {
  if (!sink.take(kind)) {
    sink.skip(1);
    return;
  }
  const meta: OutcomeMeta = JSON.parse(record.meta);
  const { messageId, type, attempts, status, message, next, exchanges } = meta;
  const facts = {
    at: new Date(meta.t).toISOString(),
    destinationId: meta.destination,
    messageId,
    type,
    attempts,
    status,
    message,
    nextAttemptAt: next === undefined ? undefined : new Date(next).toISOString(),
    exchanges,
  };
  sink.show(kind, eventData(facts, ''));
}
