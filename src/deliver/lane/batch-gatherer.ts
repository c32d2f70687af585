import type { BatchGroup } from '../../core/destination.ts';
import type { Event } from '../../core/event.ts';
import type { StoredEvent } from '../events/stored-event.ts';
import type { LaneItem } from './lane-item.ts';

/** An event that is ready, as its destination gets it. */
export interface GatheredEvent {
  readonly item: LaneItem;
  readonly stored: StoredEvent;
  readonly event: Event;
  readonly text: string;
}

interface Group {
  readonly mostEvents: number;
  /** Monotonic milliseconds at which its first event came. */
  since: number;
  events: GatheredEvent[];
  length: number;
}

export interface GatherLimits {
  readonly events: number;
  readonly length: number;
  readonly lingerMs: number;
}

/**
 * Events that are ready to be sent, by the group they may go with. None of them waits for another, so a batch holds one
 * of each user at most until its followers are added. In memory only: nothing here is in flight.
 */
export class BatchGatherer {
  readonly #limits: GatherLimits;
  readonly #groups = new Map<string, Group>();
  #count = 0;

  constructor(limits: GatherLimits) {
    this.#limits = limits;
  }

  get count(): number {
    return this.#count;
  }

  add({ key, mostEvents }: BatchGroup, gathered: GatheredEvent, now: number): void {
    let group = this.#groups.get(key);
    if (group === undefined) {
      const most = Math.max(1, Math.min(mostEvents, this.#limits.events));
      group = { mostEvents: most, since: now, events: [], length: 0 };
      this.#groups.set(key, group);
    }
    if (group.events.length === 0) group.since = now;
    group.events.push(gathered);
    group.length += gathered.text.length;
    this.#count += 1;
  }

  /** Whether `take` has one. */
  hasDue(now: number): boolean {
    for (const group of this.#groups.values()) if (this.#isDue(group, now)) return true;
    return false;
  }

  /** A batch that is full, or whose first event has waited long enough. */
  take(
    now: number,
  ):
    | { readonly key: string; readonly mostEvents: number; readonly batch: GatheredEvent[] }
    | undefined {
    for (const [key, group] of this.#groups) {
      if (!this.#isDue(group, now)) continue;
      const batch = this.#cut(key, group);
      if (batch.length > 0) return { key, mostEvents: group.mostEvents, batch };
    }
    return undefined;
  }

  /** Monotonic milliseconds at which the next batch is due that is not full; undefined when there is none. */
  get nextDue(): number | undefined {
    let next: number | undefined;
    for (const { since } of this.#groups.values()) {
      next = Math.min(next ?? Number.POSITIVE_INFINITY, since + this.#limits.lingerMs);
    }
    return next;
  }

  /** Any one event, for a probe. */
  takeOne(): GatheredEvent | undefined {
    for (const [key, group] of this.#groups) {
      const first = group.events.shift();
      if (group.events.length === 0) this.#groups.delete(key);
      if (first === undefined) continue;
      this.#count -= 1;
      group.length -= first.text.length;
      if (!first.item.finished) return first;
    }
    return undefined;
  }

  /** Everything leaves: what is gathered is to be put back. */
  clear(): GatheredEvent[] {
    const all = [...this.#groups.values()].flatMap(({ events }) => events);
    this.#groups.clear();
    this.#count = 0;
    return all.filter(({ item }) => !item.finished);
  }

  #isDue({ events, length, mostEvents, since }: Group, now: number): boolean {
    const isFull = events.length >= mostEvents || length >= this.#limits.length;
    return isFull || now - since >= this.#limits.lingerMs;
  }

  #cut(key: string, group: Group): GatheredEvent[] {
    const batch: GatheredEvent[] = [];
    let length = 0;
    let at = 0;
    for (; at < group.events.length && batch.length < group.mostEvents; at += 1) {
      const one = group.events[at];
      // It may have been given up meanwhile.
      if (one === undefined || one.item.finished) continue;
      if (batch.length > 0 && length + one.text.length > this.#limits.length) break;
      batch.push(one);
      length += one.text.length;
    }
    group.events = group.events.slice(at);
    group.length = group.events.reduce((sum, { text }) => sum + text.length, 0);
    this.#count -= at;
    if (group.events.length === 0) this.#groups.delete(key);
    return batch;
  }
}
