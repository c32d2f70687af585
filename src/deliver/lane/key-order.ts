import type { LaneItem } from './lane-item.ts';

/**
 * Who waits for whom. Each key has a chain of its unfinished events in offset order; an event waits
 * for its immediate predecessor in each chain it belongs to, so for all earlier ones. An event with
 * several keys (a login carries anonymousId and userId) joins their chains without merging them: it
 * counts its predecessors, each of them releases it once, and at zero it may be sent. Cost of an
 * event: its keys.
 */
export class KeyOrder {
  readonly #last = new Map<string, LaneItem>();

  /** Adds an event behind every earlier one; true when one of those it waits for is parked. */
  add(item: LaneItem): boolean {
    let behindParked = false;
    for (const key of item.keys) {
      const previous = this.#last.get(key);
      if (previous !== undefined) {
        item.blockers += 1;
        previous.followers ??= [];
        previous.followers.push(item);
        behindParked ||= previous.parked;
      }
      this.#last.set(key, item);
    }
    return behindParked;
  }

  /** Takes a finished event out; returns those that now wait for nothing. */
  finish(item: LaneItem): LaneItem[] {
    if (item.behind !== undefined && !item.behind.finished) {
      this.#handOver(item, item.behind);
      return [];
    }
    for (const key of item.keys) {
      if (this.#last.get(key) === item) this.#last.delete(key);
    }
    const released: LaneItem[] = [];
    for (const follower of item.followers ?? []) {
      follower.blockers -= 1;
      if (follower.blockers === 0 && !follower.finished) released.push(follower);
    }
    item.followers = undefined;
    return released;
  }

  /** Who waits for `item` waits for the earlier `behind` instead. */
  #handOver(item: LaneItem, behind: LaneItem): void {
    for (const key of item.keys) {
      if (this.#last.get(key) !== item) continue;
      if (behind.keys.includes(key)) this.#last.set(key, behind);
      else this.#last.delete(key);
    }
    behind.followers ??= [];
    behind.followers.push(...(item.followers ?? []));
    item.followers = undefined;
  }
}
