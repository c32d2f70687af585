import { systemClock } from '../../src/core/clock.ts';
import type { LogEngine, LogReader } from '../../src/core/event-log.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { recordKinds } from '../../src/core/records.ts';
import { openMemoryLogEngine } from '../../src/storage/log/memory/open-memory-log-engine.ts';

/** A log of events in memory. Filled in the same way it has the same offsets, in every process. */
export interface FilledLog {
  readonly engine: LogEngine;
  readonly reader: LogReader;
  /** One commit of the events of one request: process stamps them so. */
  add(source: string, events: readonly JsonObject[], meta?: JsonObject): Promise<void>;
  /** A commit with stamps that stood there before, as after a crash of process. */
  repeat(source: string, events: readonly JsonObject[], input: number): Promise<void>;
}

export async function openFilledLog(): Promise<FilledLog> {
  const engine = await openMemoryLogEngine({ clock: systemClock });
  const { writer } = await engine.openWriter('events', 0);
  let inputs = 0;
  const append = async (
    source: string,
    events: readonly JsonObject[],
    input: number,
    meta: JsonObject,
  ) => {
    const entries = events.map((event, n) => ({
      kind: recordKinds.event,
      source,
      meta: JSON.stringify({
        i: input,
        n,
        t: Date.parse(String(event['receivedAt'])),
        type: event['type'],
        id: event['messageId'],
        ...meta,
      }),
      body: Buffer.from(JSON.stringify(event)),
    }));
    await writer.append(entries, { mark: Math.max(input + 1, writer.mark) });
  };
  return {
    engine,
    reader: await engine.openReader('events', 0),
    add: async (source, events, meta = {}) => {
      inputs += 1;
      await append(source, events, inputs, meta);
    },
    repeat: (source, events, input) => append(source, events, input, {}),
  };
}

/** An event that is the same whenever it is made of the same number. */
export function numbered(n: number): JsonObject {
  const at = new Date(Date.UTC(2026, 10, 21, 10) + n * 10).toISOString();
  const common = {
    messageId: `m${n}`,
    userId: `u${n % 50}`,
    context: { library: { name: 'test' } },
    integrations: {},
    timestamp: at,
    originalTimestamp: at,
    receivedAt: at,
  };
  return n % 5 === 0
    ? { ...common, type: 'identify', traits: { last: n } }
    : { ...common, type: 'track', event: `Event ${n % 3}`, properties: { n } };
}
