import type { Offset } from '../../core/event-log.ts';
import type { StoredEvent } from './stored-event.ts';

const most = 16;

interface Stretch {
  readonly source: string | undefined;
  readonly from: Offset;
  readonly next: Offset;
  readonly events: ReadonlyMap<Offset, StoredEvent>;
}

/** The last few stretches of the log that were read for parked events. */
export class Stretches {
  readonly #held: Stretch[] = [];

  find(source: string | undefined, offset: Offset): Stretch['events'] | undefined {
    return this.#held.find(
      (held) => held.source === source && held.from <= offset && offset < held.next,
    )?.events;
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
