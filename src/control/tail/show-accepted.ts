import { type DiscardCode, discardTable } from '../../core/discard-codes.ts';
import type { LogRecord } from '../../core/event-log.ts';
import { isJsonObject, type Json } from '../../core/json.ts';
import type { AcceptedMeta, RefusedItem } from '../../core/records.ts';
import { eventData, type TailSink } from './tail-event.ts';

/**
 * Shows the items of one accepted request. Only what the viewers have room for is parsed: of a single
 * call nothing but its meta, of a batch nothing at all once the second's share is used up.
 */
export function showAccepted(record: LogRecord, sink: TailSink): void {
  if (isGoodCall(record.meta) && !sink.hasRoom('accepted')) {
    sink.skip(1);
    return;
  }
  const meta: AcceptedMeta = JSON.parse(record.meta);
  if (meta.call !== undefined) {
    const refused = meta.refused?.[0];
    const code = meta.discard ?? refused?.[1];
    if (!sink.take(code === undefined ? 'accepted' : 'refused')) {
      sink.skip(1);
      return;
    }
    showItem(sink, meta, meta.call, record.body.toString(), code, refused?.[2]);
    return;
  }
  const first = meta.discard === undefined ? 'accepted' : 'refused';
  if (!sink.take(first)) {
    sink.skip(meta.n ?? 1);
    return;
  }
  showBatch(record, meta, sink);
}

/** A single call that was accepted: told from the text alone, where a quote in a value is escaped. */
function isGoodCall(meta: string): boolean {
  return meta.includes('"call":"') && !meta.includes('"refused":') && !meta.includes('"discard":');
}

/** The first event's share of the second is taken already. */
function showBatch(record: LogRecord, meta: AcceptedMeta, sink: TailSink): void {
  const items = batchItems(record.body);
  if (items.length === 0) {
    showItem(sink, meta, undefined, '', meta.discard ?? 'bad_request');
    return;
  }
  const refused = new Map<number, RefusedItem>(meta.refused?.map((entry) => [entry[0], entry]));
  let taken = true;
  let skipped = 0;
  for (const [index, item] of items.entries()) {
    const refusal = refused.get(index);
    const code = meta.discard ?? refusal?.[1];
    if (taken || sink.take(code === undefined ? 'accepted' : 'refused')) {
      const type = isJsonObject(item) ? item['type'] : undefined;
      showItem(sink, meta, type, JSON.stringify(item), code, refusal?.[2]);
    } else {
      skipped += 1;
    }
    taken = false;
  }
  sink.skip(skipped);
}

function batchItems(body: Buffer): readonly Json[] {
  const request = parseRequest(body);
  const batch = isJsonObject(request) ? request['batch'] : undefined;
  return Array.isArray(batch) ? batch : [];
}

function parseRequest(body: Buffer): Json {
  try {
    return JSON.parse(body.toString());
  } catch {
    // Ingest accepts nothing but JSON: damage, which the process stage reports as a discard.
    return null;
  }
}

function showItem(
  sink: TailSink,
  meta: AcceptedMeta,
  type: Json | undefined,
  payload: string,
  code: DiscardCode | undefined,
  field?: string,
): void {
  const facts = { receivedAt: new Date(meta.t).toISOString(), type, test: meta.test };
  if (code === undefined) {
    sink.show('accepted', eventData(facts, payload));
    return;
  }
  const reason = { code, field, message: discardTable[code].meaning };
  sink.show('refused', eventData({ ...facts, ...reason }, payload));
}
