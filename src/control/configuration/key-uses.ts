import type { Kysely } from 'kysely';
import type { Json } from '../../core/json.ts';
import type { Logger } from '../../core/logger.ts';
import type { ControlTables } from '../../core/tables/control-tables.ts';

/**
 * Keeps when each write key was last used, as ingest reports it: one transaction a message, and ingest
 * sends one a second at most, each key once a minute. It is no configuration: no revision, no snapshot.
 * Every node keeps what its own ingest reports, in any order; the latest use stays. Rows are locked in the
 * order of the keys, so that nodes never wait for each other in a circle.
 * A report that is lost, or cannot be written, is made good by the key's next use.
 */
export class KeyUses {
  readonly #db: Kysely<ControlTables>;
  readonly #logger: Logger;
  #writing: Promise<void> = Promise.resolve();

  constructor(db: Kysely<ControlTables>, logger: Logger) {
    this.#db = db;
    this.#logger = logger;
  }

  /** One message `keys.used`: `[[key, milliseconds], …]`. */
  take(message: Json): void {
    const uses = readUses(message);
    this.#writing = this.#writing
      .then(() => this.#write(uses))
      .catch((err: unknown) => {
        this.#logger.warn({ err }, 'the last use of write keys could not be kept');
      });
  }

  /** Resolves when all that was taken is written. */
  close(): Promise<void> {
    return this.#writing;
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
