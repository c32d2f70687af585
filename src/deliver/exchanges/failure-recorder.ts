import type { Clock } from '../../core/clock.ts';
import { LatestOfEach } from '../../core/latest-of-each.ts';
import { limits } from '../../core/limits.ts';
import type { Logger } from '../../core/logger.ts';
import type { StateStore } from '../../core/state.ts';
import type { DeliveryFailureTable, WorkTables } from '../../core/tables/work-tables.ts';
import { redacted } from './redacted.ts';
import type { SeenExchanges } from './seen-exchanges.ts';

export interface FailedAttempt {
  readonly connection: string;
  readonly messageId: string;
  readonly attempts: number;
  /** '' while it will be repeated. */
  readonly code: string;
  readonly message: string;
  readonly seen: SeenExchanges;
  /** Of the connection's settings. */
  readonly secrets: readonly string[];
}

export interface FailureRecorderDeps {
  readonly partition: number;
  readonly store: StateStore<WorkTables>;
  readonly clock: Clock;
  readonly logger: Logger;
}

interface Noted {
  readonly failure: FailedAttempt;
  readonly at: number;
  readonly count: number;
}

/**
 * The last `limits.failuresKept` attempts of each connection that failed, with their requests and answers.
 *
 * State: the table `delivery_failure`, written once a second at most, of each connection the last of that second alone. What was
 * not written when the process died is missing: it is for people to read. Failures go when their connection does.
 */
export class FailureRecorder {
  readonly #deps: FailureRecorderDeps;
  readonly #latest: LatestOfEach<Noted>;
  #count = 0;

  constructor(deps: FailureRecorderDeps) {
    this.#deps = deps;
    this.#latest = new LatestOfEach({
      ...{ clock: deps.clock, logger: deps.logger },
      ...{ keep: limits.failuresKept, everyMs: limits.failuresEveryMs },
      lost: 'failed deliveries cannot be written down; they are lost',
      write: (connection, noted) =>
        this.#write(
          connection,
          noted.map((one) => this.#rowOf(one)),
        ),
    });
  }

  /** Cheap: nothing is looked at before it is known to be among the last. */
  note(failure: FailedAttempt): void {
    this.#count += 1;
    this.#latest.note(failure.connection, {
      ...{ failure, at: this.#deps.clock.now(), count: this.#count },
    });
  }

  /** The connection is gone. */
  async forget(connection: string): Promise<void> {
    await this.#latest.forget(connection);
    await this.#deps.store.db
      .deleteFrom('delivery_failure')
      .where('connection', '=', connection)
      .execute();
  }

  stop(): Promise<void> {
    return this.#latest.stop();
  }

  #rowOf({ failure, at, count }: Noted): DeliveryFailureTable {
    const { connection, messageId, attempts, code, message, seen, secrets } = failure;
    const exchanges = seen.list.map((one) => redacted(one, secrets));
    const { partition } = this.#deps;
    return {
      // Ordered by time, and unlike those of other partitions.
      id: [at.toString(36).padStart(9, '0'), count.toString(36).padStart(7, '0'), partition].join(
        '-',
      ),
      ...{ connection, at: Math.round(at), message_id: messageId, attempts, code, message },
      exchanges: JSON.stringify(exchanges),
    };
  }

  async #write(connection: string, rows: readonly DeliveryFailureTable[]): Promise<void> {
    await this.#deps.store.db.transaction().execute(async (db) => {
      await db
        .insertInto('delivery_failure')
        .values(rows)
        .onConflict((conflict) => conflict.column('id').doNothing())
        .execute();
      const oldest = await db
        .selectFrom('delivery_failure')
        .select('id')
        .where('connection', '=', connection)
        .orderBy('id', 'desc')
        .offset(limits.failuresKept - 1)
        .limit(1)
        .executeTakeFirst();
      await db
        .deleteFrom('delivery_failure')
        .where('connection', '=', connection)
        .where('id', '<', oldest?.id ?? '')
        .execute();
    });
  }
}
