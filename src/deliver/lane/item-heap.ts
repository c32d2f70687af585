import type { LaneItem } from './lane-item.ts';

/** A binary heap of a lane's events; `before` says which of two comes first. */
export class ItemHeap {
  readonly #before: (a: LaneItem, b: LaneItem) => boolean;
  readonly #items: LaneItem[] = [];

  constructor(before: (a: LaneItem, b: LaneItem) => boolean) {
    this.#before = before;
  }

  get items(): readonly LaneItem[] {
    return this.#items;
  }

  peek(): LaneItem | undefined {
    return this.#items[0];
  }

  push(item: LaneItem): void {
    this.#up(item, this.#items.length);
  }

  pop(): LaneItem | undefined {
    const top = this.#items[0];
    const last = this.#items.pop();
    if (last !== undefined && last !== top) this.#down(last, 0);
    return top;
  }

  /** Takes one event out, wherever it stands. Looks at all of them. */
  remove(item: LaneItem): void {
    const at = this.#items.indexOf(item);
    if (at === -1) return;
    const last = this.#items.pop();
    if (last === undefined || last === item) return;
    this.#down(last, at);
    this.#up(last, this.#items.indexOf(last));
  }

  #up(item: LaneItem, from: number): void {
    const items = this.#items;
    let at = from;
    while (at > 0) {
      const up = (at - 1) >> 1;
      const parent = items[up];
      if (parent === undefined || !this.#before(item, parent)) break;
      items[at] = parent;
      at = up;
    }
    items[at] = item;
  }

  #down(item: LaneItem, from: number): void {
    const items = this.#items;
    let at = from;
    for (;;) {
      const child = this.#smallerChild(at);
      const smaller = items[child];
      if (smaller === undefined || !this.#before(smaller, item)) break;
      items[at] = smaller;
      at = child;
    }
    items[at] = item;
  }

  #smallerChild(at: number): number {
    const left = 2 * at + 1;
    const a = this.#items[left];
    const b = this.#items[left + 1];
    return a !== undefined && b !== undefined && this.#before(b, a) ? left + 1 : left;
  }
}
