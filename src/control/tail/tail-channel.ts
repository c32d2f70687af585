import type { Clock } from '../../core/clock.ts';
import { limits } from '../../core/limits.ts';
import { TailBudget } from './tail-budget.ts';
import type { TailKind, TailSink } from './tail-event.ts';
import type { TailViewer } from './tail-viewer.ts';

/** The viewers of one source. What they are shown is chosen and written once for all of them. */
export class TailChannel implements TailSink {
  readonly viewers = new Set<TailViewer>();
  readonly #budget: TailBudget;

  constructor(clock: Clock) {
    this.#budget = new TailBudget(clock, limits.tailPerSecond);
  }

  hasRoom(kind: TailKind): boolean {
    return this.#budget.hasRoom(kind);
  }

  take(kind: TailKind): boolean {
    return this.#budget.take(kind);
  }

  show(kind: TailKind, data: string): void {
    const text = `event: ${kind}\ndata: ${data}\n\n`;
    for (const viewer of this.viewers) viewer.send(text);
  }

  skip(count: number): void {
    if (count === 0) return;
    for (const viewer of this.viewers) viewer.skip(count);
  }
}
