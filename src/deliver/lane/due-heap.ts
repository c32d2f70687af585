import type { LaneItem } from './lane-item.ts';

/** Parked events that wait for nothing but their time, soonest first, then oldest first. */
export class DueHeap {
  #items: LaneItem[] = [];

  get size(): number {
    return this.#items.length;
  }

  peek(): LaneItem | undefined {
    return this.#items[0];
  }

  push(item: LaneItem): void {
    const items = this.#items;
    let at = items.push(item) - 1;
    while (at > 0) {
      const up = (at - 1) >> 1;
      const parent = items[up];
      if (parent === undefined || !before(item, parent)) break;
      items[at] = parent;
      at = up;
    }
    items[at] = item;
  }

  pop(): LaneItem | undefined {
    const items = this.#items;
    const top = items[0];
    const last = items.pop();
    if (last === undefined || items.length === 0) return top;
    let at = 0;
    for (;;) {
      const child = this.#smallerChild(at);
      const smaller = items[child];
      if (smaller === undefined || !before(smaller, last)) break;
      items[at] = smaller;
      at = child;
    }
    items[at] = last;
    return top;
  }

  /** Takes out the oldest event, whatever its time. */
  takeOldest(): LaneItem | undefined {
    let oldest: LaneItem | undefined;
    for (const item of this.#items) {
      if (item.finished || item.sending) continue;
      if (oldest === undefined || item.offset < oldest.offset) oldest = item;
    }
    if (oldest !== undefined) this.rebuild((item) => item !== oldest && !item.finished);
    return oldest;
  }

  /** Keeps what `keep` says, and orders anew: for times that were changed. */
  rebuild(keep: (item: LaneItem) => boolean): void {
    const kept = this.#items.filter(keep);
    this.#items = [];
    for (const item of kept) this.push(item);
  }

  #smallerChild(at: number): number {
    const left = 2 * at + 1;
    const a = this.#items[left];
    const b = this.#items[left + 1];
    return a !== undefined && b !== undefined && before(b, a) ? left + 1 : left;
  }
}

function before(a: LaneItem, b: LaneItem): boolean {
  const difference = a.retries.nextAttempt - b.retries.nextAttempt;
  return difference === 0 ? a.offset < b.offset : difference < 0;
}
