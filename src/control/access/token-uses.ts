import type { Kysely } from 'kysely';
import type { Clock } from '../../core/clock.ts';
import { limits } from '../../core/limits.ts';
import type { Logger } from '../../core/logger.ts';
import type { ControlTables } from '../../core/tables/control-tables.ts';

/**
 * Keeps when each access token was last used, to the minute. No configuration: no revision, no snapshot,
 * and no request waits for it. What cannot be written is made good by the next use.
 */
export class TokenUses {
  readonly #db: Kysely<ControlTables>;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #keptAt = new Map<string, number>();
  #writing: Promise<void> = Promise.resolve();

  constructor(db: Kysely<ControlTables>, clock: Clock, logger: Logger) {
    this.#db = db;
    this.#clock = clock;
    this.#logger = logger;
  }

  used(tokenId: string): void {
    const now = this.#clock.now();
    const kept = this.#keptAt.get(tokenId);
    if (kept !== undefined && now - kept < limits.keyUseEveryMs) return;
    if (this.#keptAt.size >= limits.knownTokens) this.#keptAt.clear();
    this.#keptAt.set(tokenId, now);
    this.#writing = this.#writing
      .then(async () => {
        await this.#db
          .updateTable('token')
          .set({ last_used_at: now })
          .where('id', '=', tokenId)
          .where((row) => row.or([row('last_used_at', 'is', null), row('last_used_at', '<', now)]))
          .execute();
      })
      .catch((err: unknown) => {
        this.#logger.warn({ err }, 'the last use of an access token could not be kept');
      });
  }

  /** Resolves when all that was taken is written. */
  close(): Promise<void> {
    return this.#writing;
  }
}
