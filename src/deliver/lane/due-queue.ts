import { ItemHeap } from './item-heap.ts';
import type { LaneItem } from './lane-item.ts';

/**
 * Parked events that wait for nothing but their time. Those whose time has come are given out oldest
 * first, whenever they became due: their payloads stand close together in the log then.
 */
export class DueQueue {
  readonly #waiting = new ItemHeap(
    (a, b) => a.retries.nextAttempt < b.retries.nextAttempt || isSameTimeEarlier(a, b),
  );
  readonly #ripe = new ItemHeap((a, b) => a.offset < b.offset);

  push(item: LaneItem): void {
    if (item.retries.nextAttempt === 0) this.#ripe.push(item);
    else this.#waiting.push(item);
  }

  /** When the next is due, 0 at once; undefined when there is none. */
  get next(): number | undefined {
    return this.#ripe.peek() === undefined ? this.#waiting.peek()?.retries.nextAttempt : 0;
  }

  /** The oldest of those due at `now`. Events that finished meanwhile fall out; those still at work stay. */
  take(now: number): LaneItem | undefined {
    for (;;) {
      const next = this.#waiting.peek();
      if (next === undefined || next.retries.nextAttempt > now) break;
      this.#waiting.pop();
      this.#ripe.push(next);
    }
    // Parked again a moment ago, its attempt not quite over.
    const atWork: LaneItem[] = [];
    let item = this.#ripe.pop();
    while (item !== undefined && (item.finished || item.sending)) {
      if (!item.finished) atWork.push(item);
      item = this.#ripe.pop();
    }
    for (const one of atWork) this.#ripe.push(one);
    return item;
  }

  /** Every event is due. */
  ripen(): void {
    for (let item = this.#waiting.pop(); item !== undefined; item = this.#waiting.pop()) {
      this.#ripe.push(item);
    }
  }

  /** The oldest event of all, whatever its time. */
  takeOldest(): LaneItem | undefined {
    // Looks at all that wait, which a probe every few seconds can afford.
    let oldest: LaneItem | undefined;
    for (const item of this.#waiting.items) {
      if (item.finished || item.sending) continue;
      if (oldest === undefined || item.offset < oldest.offset) oldest = item;
    }
    const ripe = this.take(0);
    if (ripe !== undefined && (oldest === undefined || ripe.offset < oldest.offset)) return ripe;
    if (ripe !== undefined) this.#ripe.push(ripe);
    if (oldest !== undefined) this.#waiting.remove(oldest);
    return oldest;
  }
}

function isSameTimeEarlier(a: LaneItem, b: LaneItem): boolean {
  return a.retries.nextAttempt === b.retries.nextAttempt && a.offset < b.offset;
}
