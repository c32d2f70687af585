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
  /** Of `events`, those that have left. */
  at: number;
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
      group = { mostEvents: most, since: now, events: [], at: 0, length: 0 };
      this.#groups.set(key, group);
    }
    if (group.at === group.events.length) group.since = now;
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
      const first = group.events[group.at];
      if (first === undefined) continue;
      this.#leave(key, group, 1, first.text.length);
      if (!first.item.finished) return first;
    }
    return undefined;
  }

  /** Everything leaves: what is gathered is to be put back. */
  clear(): GatheredEvent[] {
    const all = [...this.#groups.values()].flatMap(({ events, at }) => events.slice(at));
    this.#groups.clear();
    this.#count = 0;
    return all.filter(({ item }) => !item.finished);
  }

  #isDue({ events, at, length, mostEvents, since }: Group, now: number): boolean {
    const isFull = events.length - at >= mostEvents || length >= this.#limits.length;
    return isFull || now - since >= this.#limits.lingerMs;
  }

  #cut(key: string, group: Group): GatheredEvent[] {
    const batch: GatheredEvent[] = [];
    let length = 0;
    let [left, leftLength] = [0, 0];
    for (let at = group.at; at < group.events.length; at += 1) {
      if (batch.length >= group.mostEvents) break;
      const one = group.events[at];
      if (one === undefined) break;
      // It may have been given up meanwhile.
      if (!one.item.finished) {
        if (batch.length > 0 && length + one.text.length > this.#limits.length) break;
        batch.push(one);
        length += one.text.length;
      }
      left += 1;
      leftLength += one.text.length;
    }
    this.#leave(key, group, left, leftLength);
    return batch;
  }

  /** Those that have left are cut off now and then: each cut copies what stays. */
  #leave(key: string, group: Group, count: number, length: number): void {
    this.#count -= count;
    group.at += count;
    group.length -= length;
    if (group.at === group.events.length) {
      this.#groups.delete(key);
    } else if (group.at > 256 && group.at * 2 > group.events.length) {
      group.events = group.events.slice(group.at);
      group.at = 0;
    }
  }
}
