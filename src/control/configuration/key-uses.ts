import type { Kysely } from 'kysely';
import type { Json } from '../../core/json.ts';
import { limits } from '../../core/limits.ts';
import type { Logger } from '../../core/logger.ts';
import type { ControlTables } from '../../core/tables/control-tables.ts';

/**
 * Keeps when each write key was last used, as ingest reports it: one message a second at most, each key
 * once a minute. It is no configuration: no revision, no snapshot. Every node keeps what its own ingest
 * reports, in any order; the latest use stays. Rows are locked in the order of the keys, so that nodes
 * never wait for each other in a circle.
 * What comes while something is being written waits for it, one entry a key: a store that is slow or away
 * costs no more memory than there are keys. What cannot be written is made good by the key's next use.
 */
export class KeyUses {
  readonly #db: Kysely<ControlTables>;
  readonly #logger: Logger;
  readonly #waiting = new Map<string, number>();
  #writing: Promise<void> | undefined;
  #isFailing = false;

  constructor(db: Kysely<ControlTables>, logger: Logger) {
    this.#db = db;
    this.#logger = logger;
  }

  /** One message `keys.used`: `[[key, milliseconds], …]`. */
  take(message: Json): void {
    for (const [key, at] of readUses(message)) {
      this.#waiting.set(key, Math.max(at, this.#waiting.get(key) ?? 0));
    }
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = undefined;
    });
  }

  /** Resolves when all that was taken is written. */
  async close(): Promise<void> {
    await this.#writing;
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.size > 0) {
      const uses = [...this.#waiting].slice(0, limits.commitRows);
      for (const [key] of uses) this.#waiting.delete(key);
      try {
        await this.#write(uses);
        this.#isFailing = false;
      } catch (err) {
        if (!this.#isFailing) {
          this.#logger.warn({ err }, 'the last use of write keys could not be kept');
        }
        this.#isFailing = true;
      }
    }
  }

  async #write(uses: readonly (readonly [key: string, at: number])[]): Promise<void> {
    await this.#db.transaction().execute(async (db) => {
      for (const [key, at] of uses.toSorted(byKey)) {
        await db
          .updateTable('write_key')
          .set({ last_used_at: at })
          .where('write_key', '=', key)
          .where((row) => row.or([row('last_used_at', 'is', null), row('last_used_at', '<', at)]))
          .execute();
      }
    });
  }
}

function byKey(
  [one]: readonly [key: string, ...unknown[]],
  [other]: readonly [key: string, ...unknown[]],
): number {
  return one < other ? -1 : Number(one > other);
}

function readUses(message: Json): [key: string, at: number][] {
  const entries: readonly Json[] = Array.isArray(message) ? message : [];
  return entries.flatMap((entry): [string, number][] => {
    const [key, at]: readonly Json[] = Array.isArray(entry) ? entry : [];
    return typeof key === 'string' && typeof at === 'number' ? [[key, at]] : [];
  });
}
