import type { Event } from '../../core/event.ts';
import { briefOf } from '../../core/event-brief.ts';
import type { LogRecord, Offset } from '../../core/event-log.ts';
import type { EventBrief, EventMeta } from '../../core/records.ts';

/** One event of the log, copied out of the read buffer. Parsed at most once, however many lanes take it. */
export class StoredEvent {
  readonly offset: Offset;
  readonly source: string;
  readonly meta: EventMeta;
  /** The event's JSON text exactly as stored. */
  readonly text: string;
  #event: Event | undefined;
  #brief: EventBrief | undefined;

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

  /** Of a track call, as it is counted. */
  get name(): string {
    return this.#known[0];
  }

  /** Of the app, as it is counted. */
  get version(): string {
    return this.#known[1];
  }

  /** It says nothing of where it is to go. */
  get goesAnywhere(): boolean {
    return this.#known[2] === 1;
  }

  get #known(): EventBrief {
    this.#brief ??= this.meta.k ?? briefOf(this.meta.type, this.event);
    return this.#brief;
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
