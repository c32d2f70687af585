import type { DiscardCode } from '../core/discard-codes.ts';
import { isEventType } from '../core/event.ts';
import { limits } from '../core/limits.ts';
import { type CountKey, otherName } from '../core/usage/count-list.ts';
import type { CountedDiscard, CountedEvent } from '../core/usage/usage.ts';
import { spanStart } from '../core/usage/usage-spans.ts';
import type { PendingCounts } from './pending-counts.ts';

interface Cell {
  count: number;
}
/** By type, name and version. */
type Cells = Map<string, Map<string, Map<string, Cell>>>;

interface Tally {
  readonly source: string;
  readonly minute: number;
  /** By discard code; '' for events. */
  readonly codes: Map<DiscardCode | '', Cells>;
  /** Of `codes`, what is asked for most. */
  readonly events: Cells;
  named: number;
}

/** What process has counted since the last write, by source and minute. Adding is what the hot path pays: a few look-ups. */
export class SourceTallies {
  #tallies = new Map<string, Map<number, Tally>>();
  #last: Tally | undefined;

  /** `code`: of an event that was seen before; '' for a new one. */
  add({ source, t, type, name, version }: CountedEvent, code: DiscardCode | ''): void {
    this.#add(this.#at(source, t), code, type, name, version, 1);
  }

  addDiscard({ source, t, code, type, name, count }: CountedDiscard): void {
    const known = isEventType(type) ? type : '';
    this.#add(this.#at(source, t), code, known, name, '', count);
  }

  get isEmpty(): boolean {
    return this.#tallies.size === 0;
  }

  clear(): void {
    this.#tallies = new Map();
    this.#last = undefined;
  }

  /** Hands everything over and begins anew. */
  moveTo(pending: PendingCounts): void {
    for (const minutes of this.#tallies.values()) {
      for (const { source, minute, codes } of minutes.values()) {
        const { counts } = pending.at({ source, destination: '' }, minute);
        for (const [key, count] of cellsOf(codes)) counts.add(key, count);
      }
    }
    this.clear();
  }

  #add(
    tally: Tally,
    code: DiscardCode | '',
    type: string,
    name: string,
    version: string,
    count: number,
  ): void {
    const cells = code === '' ? tally.events : inner(tally.codes, code);
    const versions = inner(inner(cells, type), name);
    const cell = versions.get(version);
    if (cell !== undefined) {
      cell.count += count;
    } else if (tally.named < limits.countedAtOnce || isOther(name, version)) {
      versions.set(version, { count });
      tally.named += 1;
    } else {
      if (versions.size === 0) inner(cells, type).delete(name);
      this.#add(tally, code, type, name && otherName, version && otherName, count);
    }
  }

  #at(source: string, time: number): Tally {
    const minute = spanStart('minute', time);
    const last = this.#last;
    if (last !== undefined && last.minute === minute && last.source === source) return last;
    const minutes = inner(this.#tallies, source);
    const held = minutes.get(minute);
    if (held !== undefined) {
      this.#last = held;
      return held;
    }
    const events: Cells = new Map();
    const tally = { source, minute, codes: new Map([['' as const, events]]), events, named: 0 };
    minutes.set(minute, tally);
    this.#last = tally;
    return tally;
  }
}

function isOther(name: string, version: string): boolean {
  return (name === '' || name === otherName) && (version === '' || version === otherName);
}

function inner<Key, A, B>(map: Map<Key, Map<A, B>>, key: Key): Map<A, B> {
  const held = map.get(key);
  if (held !== undefined) return held;
  const made = new Map<A, B>();
  map.set(key, made);
  return made;
}

function* cellsOf(codes: Tally['codes']): Iterable<readonly [CountKey, number]> {
  for (const [code, types] of codes) {
    const outcome = code === '' ? 'event' : 'discard';
    for (const [type, names] of types) {
      for (const [name, versions] of names) {
        for (const [version, { count }] of versions) {
          yield [{ outcome, type, name, version, code }, count];
        }
      }
    }
  }
}
