import { valueAt } from '../rig/api.ts';
import type { Delivery } from '../rig/receiver.ts';
import type { EventFate, Fate } from './judge.ts';
import { type Mark, readMark, sameCase } from './mark.ts';

/** An event that arrived, of one user. */
interface Arrival {
  readonly mark: Mark;
  /** A GET has no body to wait for: pipelined, it may overtake the requests before it. */
  readonly isPixel: boolean;
}

/** Books what must arrive and what did; what is wrong shows when all has arrived. */
export class DeliveredBook {
  readonly #fates = new Map<string, EventFate>();
  readonly #arrived = new Map<string, number>();
  /** The last event of each lane and id. */
  readonly #reached = new Map<string, Arrival>();
  /** Marks of those taken with the same messageId, of which one arrives. */
  readonly #sameId = new Map<string, (string | undefined)[]>();
  readonly #disorder: string[] = [];
  #unmarked = 0;
  #unmarkedArrived = 0;

  expect(event: EventFate): void {
    const { mark, fate, messageId } = event;
    if (messageId !== undefined && fate !== 'never') {
      const marks = this.#sameId.get(messageId) ?? [];
      this.#sameId.set(messageId, [...marks, mark]);
    }
    if (mark === undefined) {
      if (fate !== 'never') this.#unmarked++;
      return;
    }
    const before = this.#fates.get(mark);
    // Said to arrive by one copy, it is not for another to say that it does not.
    if (before === undefined || before.fate === 'never') this.#fates.set(mark, event);
  }

  arrived({ event }: Delivery): void {
    const mark = readMark(event);
    if (mark === undefined) {
      this.#unmarkedArrived++;
      return;
    }
    this.#arrived.set(mark.text, (this.#arrived.get(mark.text) ?? 0) + 1);
    for (const key of ['userId', 'anonymousId']) {
      const id = event[key];
      if (typeof id !== 'string' || id === '') continue;
      const person = `${mark.lane} ${key} ${id}`;
      const isPixel = valueAt(event, 'context.library.name') === 'pixel';
      const before = this.#reached.get(person);
      if (before === undefined || before.mark.order <= mark.order) {
        this.#reached.set(person, { mark, isPixel });
      } else if (!(sameCase(before.mark, mark) && (before.isPixel || isPixel))) {
        this.#disorder.push(`${mark.text} came after ${before.mark.text}, of the same ${key}`);
      }
    }
  }

  has(mark: string): boolean {
    return this.#arrived.has(mark);
  }

  fate(mark: string): Fate | undefined {
    return this.#fates.get(mark)?.fate;
  }

  /** Marks of events acknowledged that have not arrived. */
  missing(): string[] {
    return [...this.#fates.values()].flatMap(({ mark, fate, messageId }) => {
      if (mark === undefined || fate !== 'must' || this.#arrived.has(mark)) return [];
      const same = messageId === undefined ? [] : (this.#sameId.get(messageId) ?? []);
      // Another event with its messageId stands for it: one that arrived, or that nobody can tell of.
      const stands = (one: string | undefined) =>
        one === undefined || this.#arrived.has(one) || this.fate(one) !== 'must';
      return same.some(stands) ? [] : [mark];
    });
  }

  /** Everything that must not be, in words that begin with the mark. */
  problems(): string[] {
    return [
      ...this.missing().map((mark) => `${mark} was acknowledged and did not arrive`),
      ...[...this.#arrived.keys()]
        .filter((mark) => this.fate(mark) === 'never' || this.fate(mark) === 'filtered')
        .map((mark) => `${mark} was refused, or for no destination, and arrived`),
      ...[...this.#arrived.keys()]
        .filter((mark) => !this.#fates.has(mark))
        .map((mark) => `${mark} arrived and was never sent so`),
      ...[...this.#arrived]
        .filter(([, count]) => count > 1)
        .map(([mark, count]) => `${mark} arrived ${count} times`),
      ...[...this.#sameId.values()]
        .map((marks) =>
          [...new Set(marks)].filter((mark) => mark !== undefined && this.#arrived.has(mark)),
        )
        .filter((marks) => marks.length > 1)
        .map((marks) => `${marks.join(', ')} arrived though their messageId is the same`),
      ...this.#disorder,
      ...(this.#unmarkedArrived > this.#unmarked
        ? [`${this.#unmarkedArrived} events without a mark arrived, ${this.#unmarked} were taken`]
        : []),
    ];
  }

  counts(): { readonly expected: number; readonly arrived: number } {
    const expected = [...this.#fates.values()].filter(({ fate }) => fate === 'must').length;
    return { expected, arrived: this.#arrived.size };
  }
}
