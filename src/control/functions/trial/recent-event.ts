import type { LogEngine, LogName, LogReader } from '../../../core/event-log.ts';
import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import { limits } from '../../../core/limits.ts';
import { type EventMeta, recordKinds } from '../../../core/records.ts';

/** Newest bytes of each partition in which an event is looked for. */
const searched = 16 * limits.logReadBytes;

/**
 * An event of the source as it stands in `events`, or a request to its function in `staged`: the one of this messageId,
 * else the newest; undefined when there is none among the last.
 */
export async function recentEvent(
  logs: LogEngine,
  log: Extract<LogName, 'events' | 'staged'>,
  source: string,
  messageId: string | undefined,
): Promise<JsonObject | undefined> {
  let newest: { readonly t: number; readonly text: string } | undefined;
  for (let partition = 0; partition < logs.partitions; partition += 1) {
    const from = await logs.offsetKeeping(log, partition, searched);
    const reader = await logs.openReader(log, partition);
    try {
      const found = await newestIn(reader, from, source, messageId);
      if (found !== undefined && found.t >= (newest?.t ?? 0)) newest = found;
    } finally {
      await reader.close();
    }
  }
  const event: unknown = newest && JSON.parse(newest.text);
  return isJsonObject(event) ? event : undefined;
}

async function newestIn(
  reader: LogReader,
  from: number,
  source: string,
  messageId: string | undefined,
): Promise<{ readonly t: number; readonly text: string } | undefined> {
  let found: { readonly t: number; readonly text: string } | undefined;
  for (let position = from; ; ) {
    const { records, next } = await reader.read(position, { source });
    for (const record of records) {
      if (record.kind !== recordKinds.event) continue;
      const { id, t } = JSON.parse(record.meta) as EventMeta;
      if (messageId === undefined || id === messageId) found = { t, text: record.body.toString() };
    }
    if (next === position) return found;
    position = next;
  }
}
