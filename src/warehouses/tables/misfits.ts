import { limits } from '../../core/limits.ts';

/** Why a value is not in a column of its own, or not whole. */
export const misfitReasons = {
  type: 'do not fit the type of the column',
  length:
    'are longer than a column holds, or have characters that it cannot hold; the beginning is there',
  taken: 'have a name that another value of the row has taken',
  columns: 'would need a column more than a table can have',
  row: 'would make the row larger than the engine can store',
  tables: 'belong to events whose table would be one more than a source can have',
} as const;
export type MisfitReason = keyof typeof misfitReasons;

export interface Misfit {
  readonly table: string;
  readonly column: string;
  readonly reason: MisfitReason;
  readonly count: number;
}

/** The values of a sync that went to the overflow of their rows: counted by table, column and reason. */
export class Misfits {
  readonly #counts = new Map<string, { misfit: Omit<Misfit, 'count'>; count: number }>();
  #others = 0;

  add(table: string, column: string, reason: MisfitReason): void {
    const key = `${reason} ${table} ${column}`;
    const known = this.#counts.get(key);
    if (known !== undefined) known.count += 1;
    else if (this.#counts.size >= limits.syncNotices) this.#others += 1;
    else this.#counts.set(key, { misfit: { table, column, reason }, count: 1 });
  }

  get list(): readonly Misfit[] {
    return [...this.#counts.values()].map(({ misfit, count }) => ({ ...misfit, count }));
  }

  /** Those that are above what is listed. */
  get others(): number {
    return this.#others;
  }
}
