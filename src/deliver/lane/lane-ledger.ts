import type { Offset } from '../../core/event-log.ts';
import type { Stamp } from '../../core/records.ts';
import type { StoredEvent } from '../events/stored-event.ts';
import { DueQueue } from './due-queue.ts';
import { KeyOrder } from './key-order.ts';
import { type LaneItem, newItem, type Retries } from './lane-item.ts';

/** What a lane knows after a restart: its cursor row and its parked rows, in any order. */
export interface SavedLane {
  readonly position: Offset;
  readonly stamp: Stamp;
  readonly openMs: number;
  readonly parked: readonly SavedEvent[];
}

export interface SavedEvent {
  readonly offset: Offset;
  readonly keys: readonly string[];
  readonly retries: Readonly<Retries>;
}

/** Changes of one lane since the last commit. Rows are in offset order. */
export interface LaneChanges {
  readonly position: Offset;
  readonly stamp: Stamp;
  readonly upserts: readonly SavedEvent[];
  readonly deletes: readonly Offset[];
}

/**
 * The books of one lane: which events are fresh (read, payload held), parked (a pointer) and
 * finished, what may be sent next, and what the store must hold so that a restart repeats nothing
 * that was finished before the last commit. Pure state, no I/O.
 *
 * The committed position lies behind everything that was finished or parked. Fresh events before
 * it, still under way then, get a row like a parked one; the row goes when they finish. So what a
 * crash repeats is only what finished since the last commit, however long one event takes.
 */
export class LaneLedger {
  readonly #order = new KeyOrder();
  readonly #fresh = new Map<Offset, LaneItem>();
  readonly #parked = new Map<Offset, LaneItem>();
  /** Events that had a row at the start though the position had not passed them: a crash fell between two transactions. */
  readonly #ahead: ReadonlySet<Offset>;
  readonly #due = new DueQueue();
  #ready: LaneItem[] = [];
  #readyAt = 0;
  #freshBytes = 0;
  #position: Offset;
  #stamp: Stamp;
  /** Everything finished or parked stands at or before this offset. */
  #passed: Offset = 0;
  readonly #changed = new Set<LaneItem>();
  readonly #deleted = new Set<Offset>();
  #dirty = false;

  constructor(saved: SavedLane) {
    this.#position = saved.position;
    this.#stamp = saved.stamp;
    const offsets = saved.parked.map(({ offset }) => offset);
    this.#ahead = new Set(offsets.filter((offset) => offset >= saved.position));
    for (const event of saved.parked.toSorted((a, b) => a.offset - b.offset)) {
      const item = newItem(event.offset, event.keys, saved.stamp);
      Object.assign(item.retries, event.retries);
      item.parked = true;
      item.saved = true;
      this.#parked.set(item.offset, item);
      this.#order.add(item);
      if (item.blockers === 0) this.#due.push(item);
    }
  }

  /** The stamp last taken. */
  get stamp(): Stamp {
    return this.#stamp;
  }

  /** Where to read on. */
  get position(): Offset {
    return this.#position;
  }

  get parkedCount(): number {
    return this.#parked.size;
  }

  get freshCount(): number {
    return this.#fresh.size;
  }

  get freshBytes(): number {
    return this.#freshBytes;
  }

  get isDirty(): boolean {
    return this.#dirty;
  }

  /** The oldest event that is neither finished nor parked. */
  get oldestFresh(): LaneItem | undefined {
    for (const item of this.#fresh.values()) return item;
    return undefined;
  }

  /** The lowest offset the lane still needs of the log. */
  get neededFrom(): Offset {
    let lowest = this.oldestFresh?.offset ?? this.#position;
    for (const offset of this.#parked.keys()) lowest = Math.min(lowest, offset);
    return lowest;
  }

  /** False for a stamp at or below the last taken: a repeated range of the log. Takes it otherwise. */
  takeStamp(stamp: Stamp): boolean {
    const { input, item } = this.#stamp;
    if (stamp.input < input || (stamp.input === input && stamp.item <= item)) return false;
    this.#stamp = stamp;
    return true;
  }

  /** True for an event that has, or had, a row already: it is not taken a second time. */
  holds(offset: Offset): boolean {
    return this.#ahead.has(offset) || this.#parked.has(offset);
  }

  /** Puts an event that was read behind its predecessors. `before`: the stamp taken before its own. */
  admit(stored: StoredEvent, before: Stamp): void {
    const item = newItem(stored.offset, stored.keys, before);
    item.stored = stored;
    this.#fresh.set(item.offset, item);
    this.#freshBytes += stored.text.length;
    const behindParked = this.#order.add(item);
    if (behindParked) this.park(item);
    else if (item.blockers === 0) this.#ready.push(item);
  }

  /** Everything before `next` has been read. */
  readTo(next: Offset): void {
    if (next === this.#position) return;
    this.#position = next;
    this.#dirty = true;
  }

  /** The next fresh event that waits for nothing. */
  takeReady(): LaneItem | undefined {
    while (this.#readyAt < this.#ready.length) {
      const item = this.#ready[this.#readyAt];
      this.#readyAt += 1;
      if (this.#readyAt > 1_000 && this.#readyAt * 2 > this.#ready.length) {
        this.#ready = this.#ready.slice(this.#readyAt);
        this.#readyAt = 0;
      }
      if (item !== undefined && !item.finished && !item.parked && !item.sending) return item;
    }
    return undefined;
  }

  get hasReady(): boolean {
    return this.#readyAt < this.#ready.length;
  }

  /** Whether a parked event is due at `now`. */
  hasDue(now: number): boolean {
    const next = this.#due.next;
    return next !== undefined && next <= now;
  }

  /** Parked events due at `now`, oldest first, at most `most`. */
  takeDue(now: number, most: number): LaneItem[] {
    const items: LaneItem[] = [];
    while (items.length < most) {
      const item = this.#due.take(now);
      if (item === undefined) break;
      // Sent along with an earlier event, and released by that one: its own end says what follows.
      if (!item.sending) items.push(item);
    }
    return items;
  }

  /** When the next parked event is due; undefined when none waits for its time alone. */
  get nextDue(): number | undefined {
    return this.#due.next;
  }

  /** The event to try while the circuit is open: the oldest parked, else the next fresh one. */
  takeProbe(): LaneItem | undefined {
    return this.#due.takeOldest() ?? this.takeReady();
  }

  /** Gives back a parked event that was taken but not sent. */
  putBack(item: LaneItem): void {
    if (item.parked) this.#due.push(item);
    else this.#ready.push(item);
  }

  /** The circuit closed: every parked event is due. */
  makeAllDue(): void {
    this.#due.ripen();
    for (const item of this.#parked.values()) item.retries.nextAttempt = 0;
  }

  /** All parked events that are not being sent, oldest first, at most `most`. */
  someParked(most: number): LaneItem[] {
    const items: LaneItem[] = [];
    for (const item of this.#parked.values()) {
      if (!item.sending && items.push(item) === most) break;
    }
    return items.sort((a, b) => a.offset - b.offset);
  }

  /** Parked events before `start` that are not being sent, oldest first. */
  parkedBefore(start: Offset): LaneItem[] {
    return [...this.#parked.values()]
      .filter((item) => item.offset < start && !item.sending)
      .sort((a, b) => a.offset - b.offset);
  }

  /** Fresh events that are not being sent, oldest first. */
  unsentFresh(): LaneItem[] {
    return [...this.#fresh.values()].filter(({ sending }) => !sending);
  }

  /**
   * Parks an event, or an already parked one again after another failure, and with it the fresh
   * events that wait for it: the cursor may pass them all.
   */
  park(item: LaneItem): void {
    const pending = [item];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      if (!next.parked) this.#leaveFresh(next);
      next.parked = true;
      this.#parked.set(next.offset, next);
      this.#changed.add(next);
      for (const follower of next.followers ?? []) if (!follower.parked) pending.push(follower);
    }
    item.stored = undefined;
    item.seen = undefined;
    if (item.blockers === 0) this.#due.push(item);
    this.#dirty = true;
  }

  /** An event is delivered, discarded or expired: releases those behind it. */
  finish(item: LaneItem): void {
    item.finished = true;
    if (item.parked) this.#parked.delete(item.offset);
    else this.#leaveFresh(item);
    this.#changed.delete(item);
    if (item.saved) this.#deleted.add(item.offset);
    item.stored = undefined;
    item.seen = undefined;
    for (const released of this.#order.finish(item)) {
      if (released.parked) this.#due.push(released);
      else this.#ready.push(released);
    }
    this.#dirty = true;
  }

  /** What to write; call `confirm` or `restore` with it before the next. */
  collect(): LaneChanges {
    let position = this.#position;
    let stamp = this.#stamp;
    const rows = [...this.#changed];
    for (const item of this.#fresh.values()) {
      if (item.offset > this.#passed) {
        position = item.offset;
        stamp = item.before;
        break;
      }
      if (!item.saved && !this.#changed.has(item)) rows.push(item);
    }
    for (const item of rows) item.saved = true;
    rows.sort((a, b) => a.offset - b.offset);
    const deletes = [...this.#deleted];
    this.#changed.clear();
    this.#deleted.clear();
    this.#dirty = false;
    return { position, stamp, upserts: rows.map(rowOf), deletes };
  }

  /** The write failed: everything is to be written again. */
  restore({ upserts, deletes }: LaneChanges): void {
    for (const { offset } of upserts) {
      const item = this.#parked.get(offset) ?? this.#fresh.get(offset);
      if (item !== undefined) this.#changed.add(item);
    }
    for (const offset of deletes) this.#deleted.add(offset);
    this.#dirty = true;
  }

  #leaveFresh(item: LaneItem): void {
    this.#fresh.delete(item.offset);
    this.#freshBytes -= item.stored?.text.length ?? 0;
    item.stored = undefined;
    this.#passed = Math.max(this.#passed, item.offset);
  }
}

function rowOf({ offset, keys, retries }: LaneItem): SavedEvent {
  return { offset, keys, retries: { ...retries } };
}
