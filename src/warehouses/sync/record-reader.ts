import type { Event } from '../../core/event.ts';
import type { LogRecord } from '../../core/event-log.ts';
import type { ObjectMeta, StoredObject } from '../../core/objects.ts';
import { type EventMeta, recordKinds, type Stamp } from '../../core/records.ts';
import type { Suppressions } from '../../core/suppressions.ts';
import { wantsEvent } from './wants-event.ts';

/** What of a log is loaded. */
export interface RecordFilter {
  readonly warehouse: string;
  /** By source: events received before are not taken, nor those at or after `until`. */
  readonly sources: ReadonlyMap<string, { readonly since: number; readonly until: number }>;
  readonly suppressions: Suppressions;
}

export type Loadable =
  | { readonly event: Event; readonly object?: undefined }
  | { readonly object: StoredObject; readonly event?: undefined };

/** Reads the records of one partition in their order, and knows a repeated range by its stamps. */
export class RecordReader {
  readonly #filter: RecordFilter;
  #stamp: Stamp;

  constructor(filter: RecordFilter, stamp: Stamp) {
    this.#filter = filter;
    this.#stamp = stamp;
  }

  /** The stamp last taken. */
  get stamp(): Stamp {
    return this.#stamp;
  }

  /** What is to be loaded of a record; undefined: nothing. */
  read({ kind, source, meta: metaText, body }: LogRecord): Loadable | undefined {
    const isEvent = kind === recordKinds.event;
    if (!isEvent && kind !== recordKinds.object) return undefined;
    const meta = readMeta(metaText);
    // Back from the insert function of its source: never there twice, and behind later input.
    const isRepeated = meta.staged !== true && !this.#take({ input: meta.i, item: meta.n });
    // Sent again for one destination, it is there already.
    if (isRepeated || meta.lane !== undefined) return undefined;
    const bounds = this.#filter.sources.get(source);
    if (bounds === undefined || meta.t < bounds.since || meta.t >= bounds.until) return undefined;
    // Test events stay in the live tail (`ConnectionConfig.takes`).
    if (meta.test) return undefined;
    if (!isEvent) return { object: readObject(body.toString()) };
    const { suppressions, warehouse } = this.#filter;
    const ids = { userId: meta.u, anonymousId: meta.a, previousId: meta.p };
    if (!suppressions.isEmpty && suppressions.has(source, ids, meta.t)) return undefined;
    const event = readEvent(body.toString());
    return wantsEvent(event.integrations, warehouse) ? { event } : undefined;
  }

  #take(stamp: Stamp): boolean {
    const { input, item } = this.#stamp;
    if (stamp.input < input || (stamp.input === input && stamp.item <= item)) return false;
    this.#stamp = stamp;
    return true;
  }
}

function readMeta(text: string): Partial<EventMeta> & Pick<ObjectMeta, 'i' | 'n' | 't'> {
  return JSON.parse(text) as EventMeta;
}

function readEvent(text: string): Event {
  return JSON.parse(text) as Event;
}

function readObject(text: string): StoredObject {
  return JSON.parse(text) as StoredObject;
}
