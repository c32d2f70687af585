import type { Offset } from '../../core/event-log.ts';
import type { StoredEvent } from './stored-event.ts';

/** Of 64 KB: as many lanes may send again what they parked, each at a place of its own. */
const most = 32;

interface Stretch {
  readonly source: string | undefined;
  readonly from: Offset;
  readonly next: Offset;
  readonly events: ReadonlyMap<Offset, StoredEvent>;
}

/** Stretches of the log that were read for parked events: those that were of use last. */
export class Stretches {
  readonly #held: Stretch[] = [];

  find(source: string | undefined, offset: Offset): Stretch['events'] | undefined {
    const at = this.#held.findLastIndex(
      (held) => held.source === source && held.from <= offset && offset < held.next,
    );
    const [found] = at === -1 ? [] : this.#held.splice(at, 1);
    if (found === undefined) return undefined;
    this.#held.push(found);
    return found.events;
  }

  add(
    source: string | undefined,
    from: Offset,
    next: Offset,
    events: readonly StoredEvent[],
  ): Stretch['events'] {
    const byOffset = new Map(events.map((event) => [event.offset, event]));
    this.#held.push({ source, from, next, events: byOffset });
    if (this.#held.length > most) this.#held.shift();
    return byOffset;
  }
}
