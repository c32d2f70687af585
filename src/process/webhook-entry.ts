import type { LogEntry, LogRecord } from '../core/event-log.ts';
import { type AcceptedMeta, type EventMeta, recordKinds } from '../core/records.ts';
import { parseStagedRequest, stagedSource } from '../core/staged-request.ts';

/** A request to a source function as it waits in `staged`: beside the events of its source, and in no order with them. */
export function webhookEntry(record: LogRecord, body: Buffer): LogEntry {
  const { t, test } = JSON.parse(record.meta) as AcceptedMeta;
  const { messageId } = parseStagedRequest(body.toString());
  const meta: EventMeta = {
    ...{ i: record.offset, n: 0, t, type: 'track', id: messageId },
    ...(test === true && { test }),
  };
  const source = stagedSource(record.source);
  return { kind: recordKinds.event, source, meta: JSON.stringify(meta), body };
}
