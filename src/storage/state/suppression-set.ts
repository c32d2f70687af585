import type { Kysely } from 'kysely';
import type { Clock } from '../../core/clock.ts';
import { limits } from '../../core/limits.ts';
import type { Logger } from '../../core/logger.ts';
import type { SnapshotHolder } from '../../core/snapshot.ts';
import type { EventIds, Suppressions } from '../../core/suppressions.ts';
import type { ControlTables } from '../../core/tables/control-tables.ts';
import { retryRead } from './retry-read.ts';

export interface SuppressionSetDeps {
  /** The `state` database, for reading; called when there is a first suppression. */
  open(): Promise<Kysely<ControlTables>>;
  readonly snapshot: SnapshotHolder;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * The suppressions of the `state` database, in memory: about 100 bytes each. It is empty at the start and reads the
 * changes after the last one it has, by their position, so a restart reads them all. A database put back to an
 * earlier state takes nothing back here before a restart.
 */
export class SuppressionSet implements Suppressions {
  readonly #deps: SuppressionSetDeps;
  /** By scope and type of the id. */
  readonly #ids = new Map<string, Set<string>>();
  #position = 0;
  #reading: Promise<void> | undefined;

  constructor(deps: SuppressionSetDeps) {
    this.#deps = deps;
  }

  refresh(signal: AbortSignal): Promise<void> | undefined {
    if (this.#wanted <= this.#position) return undefined;
    const read = () => {
      this.#reading ??= this.#read().finally(() => {
        this.#reading = undefined;
      });
      return this.#reading;
    };
    const failure = 'the suppressed users cannot be read; trying again';
    return retryRead(this.#deps, read, failure, signal);
  }

  get isEmpty(): boolean {
    return this.#ids.size === 0;
  }

  has(source: string, { userId, anonymousId, previousId }: EventIds): boolean {
    if (this.isEmpty) return false;
    return (
      this.#holds('', 'USER_ID', userId) ||
      this.#holds('', 'USER_ID', previousId) ||
      this.#holds(source, 'USER_ID', userId) ||
      this.#holds(source, 'USER_ID', previousId) ||
      this.#holds(source, 'ANONYMOUS_ID', anonymousId) ||
      this.#holds(source, 'ANONYMOUS_ID', previousId)
    );
  }

  get #wanted(): number {
    return this.#deps.snapshot.current.suppressions ?? 0;
  }

  #holds(scope: string, type: string, id: string | undefined): boolean {
    return id !== undefined && this.#ids.get(`${scope} ${type}`)?.has(id) === true;
  }

  async #read(): Promise<void> {
    const wanted = this.#wanted;
    const db = await this.#deps.open();
    for (let more = true; more; ) {
      const rows = await db
        .selectFrom('suppression')
        .select(['scope', 'subject_type', 'subject_id', 'in_force', 'position'])
        .where('position', '>', this.#position)
        .orderBy('position')
        .limit(limits.suppressionsRead)
        .execute();
      for (const { scope, subject_type, subject_id, in_force, position } of rows) {
        const key = `${scope} ${subject_type}`;
        const ids = this.#ids.get(key) ?? new Set();
        if (in_force === 1) this.#ids.set(key, ids.add(subject_id));
        else if (ids.delete(subject_id) && ids.size === 0) this.#ids.delete(key);
        this.#position = Number(position);
      }
      more = rows.length === limits.suppressionsRead;
    }
    this.#position = Math.max(this.#position, wanted);
  }
}
