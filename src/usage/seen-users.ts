import type { Transaction } from 'kysely';
import { limits } from '../core/limits.ts';
import type { WorkTables } from '../core/tables/work-tables.ts';
import { DistinctSketch } from '../core/usage/distinct-sketch.ts';
import type { CountedEvent, UsageStep } from '../core/usage/usage.ts';
import { spanStart } from '../core/usage/usage-spans.ts';

interface Day {
  readonly source: string;
  readonly day: number;
  readonly users: DistinctSketch;
  readonly anonymous: DistinctSketch;
  readonly identified: DistinctSketch;
  /** Of the event before. */
  lastUser: string | undefined;
  lastAnonymous: string | undefined;
  isDirty: boolean;
  /** What the database held is in it. */
  isLoaded: boolean;
}

/**
 * Who was seen, by source and day: sketches of the userIds, of the anonymousIds, and of the anonymousIds that came
 * with a userId. Adding somebody twice changes nothing, so they may be written at any time before the position
 * in the log that they belong to.
 */
export class SeenUsers {
  readonly #partition: number;
  readonly #days = new Map<string, Day>();
  #last: Day | undefined;

  constructor(partition: number) {
    this.#partition = partition;
  }

  add({ source, t, userId, anonymousId }: CountedEvent): void {
    const day = this.#at(source, spanStart('day', t));
    // Most batches are of one user.
    if (userId === day.lastUser && anonymousId === day.lastAnonymous) return;
    day.lastUser = userId;
    day.lastAnonymous = anonymousId;
    if (userId !== undefined && day.users.add(userId)) day.isDirty = true;
    if (anonymousId === undefined) return;
    const mark = DistinctSketch.markOf(anonymousId);
    if (day.anonymous.addMark(mark)) day.isDirty = true;
    if (userId !== undefined && day.identified.addMark(mark)) day.isDirty = true;
  }

  clear(): void {
    this.#days.clear();
    this.#last = undefined;
  }

  /** Writes what has changed. */
  write(): UsageStep[] {
    return [...this.#days.values()]
      .filter(({ isDirty }) => isDirty)
      .map((day) => ({ cost: foldCost, run: (rows) => this.#write(rows, day) }));
  }

  /** Lets go of what is written and was not needed for longest, down to the bound. */
  prune(): void {
    for (const [key, day] of this.#days) {
      if (this.#days.size <= limits.usersHeld) return;
      if (!day.isDirty && day !== this.#last) this.#days.delete(key);
    }
  }

  async #write(rows: Transaction<WorkTables>, day: Day): Promise<void> {
    const key = { source: day.source, day: day.day, partition: this.#partition };
    if (!day.isLoaded) {
      const row = await rows
        .selectFrom('usage_user')
        .select(['users', 'anonymous', 'identified'])
        .where('source', '=', key.source)
        .where('day', '=', key.day)
        .where('partition', '=', key.partition)
        .executeTakeFirst();
      if (row !== undefined) {
        day.users.merge(DistinctSketch.parse(row.users));
        day.anonymous.merge(DistinctSketch.parse(row.anonymous));
        day.identified.merge(DistinctSketch.parse(row.identified));
      }
      day.isLoaded = true;
    }
    day.isDirty = false;
    const { users, anonymous, identified } = day;
    const sketches = {
      users: users.toString(),
      anonymous: anonymous.toString(),
      identified: identified.toString(),
    };
    await rows
      .insertInto('usage_user')
      .values({ ...key, ...sketches })
      .onConflict((conflict) =>
        conflict.columns(['source', 'day', 'partition']).doUpdateSet(sketches),
      )
      .execute();
  }

  #at(source: string, time: number): Day {
    const last = this.#last;
    if (last !== undefined && last.day === time && last.source === source) return last;
    const key = `${source}/${time}`;
    const day = this.#days.get(key) ?? {
      source,
      day: time,
      users: new DistinctSketch(),
      anonymous: new DistinctSketch(),
      identified: new DistinctSketch(),
      lastUser: undefined,
      lastAnonymous: undefined,
      isDirty: false,
      isLoaded: false,
    };
    // The one used last stands last.
    this.#days.delete(key);
    this.#days.set(key, day);
    this.#last = day;
    return day;
  }
}

/** Rows of a transaction that one write stands for: it has some tens of KB. */
const foldCost = 50;
