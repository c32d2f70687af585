import type { Event } from '../../core/event.ts';
import type { LogRecord, Offset } from '../../core/event-log.ts';
import type { EventMeta } from '../../core/records.ts';

/** One event of the log, copied out of the read buffer. Parsed at most once, however many lanes take it. */
export class StoredEvent {
  readonly offset: Offset;
  readonly source: string;
  readonly meta: EventMeta;
  /** The event's JSON text exactly as stored. */
  readonly text: string;
  #event: Event | undefined;

  constructor(record: LogRecord) {
    this.offset = record.offset;
    this.source = record.source;
    this.meta = readMeta(record.meta);
    this.text = record.body.toString('utf8');
  }

  get event(): Event {
    this.#event ??= readEvent(this.text);
    return this.#event;
  }

  /** What orders it: the distinct ids it carries. One namespace, since `previousId` may be either kind. */
  get keys(): readonly string[] {
    const { u, a, p } = this.meta;
    const keys = u === undefined ? [] : [u];
    if (a !== undefined && a !== u) keys.push(a);
    if (p !== undefined && p !== u && p !== a) keys.push(p);
    return keys;
  }
}

function readMeta(text: string): EventMeta {
  return JSON.parse(text) as EventMeta;
}

function readEvent(text: string): Event {
  return JSON.parse(text) as Event;
}
