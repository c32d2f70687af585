import type { Clock } from '../../core/clock.ts';
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
  readonly #pending = new Map<string, Noted[]>();
  #count = 0;
  #cancel: (() => void) | undefined;
  #writing: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(deps: FailureRecorderDeps) {
    this.#deps = deps;
  }

  /** Cheap: nothing is looked at before it is known to be among the last. */
  note(failure: FailedAttempt): void {
    if (this.#isStopped) return;
    const { clock } = this.#deps;
    const noted = this.#pending.get(failure.connection) ?? [];
    if (noted.length === limits.failuresKept) noted.shift();
    this.#count += 1;
    noted.push({ failure, at: clock.now(), count: this.#count });
    this.#pending.set(failure.connection, noted);
    this.#cancel ??= clock.after(limits.failuresEveryMs, () => this.#start());
  }

  /** The connection is gone. */
  async forget(connection: string): Promise<void> {
    this.#pending.delete(connection);
    await this.#writing;
    await this.#deps.store.db
      .deleteFrom('delivery_failure')
      .where('connection', '=', connection)
      .execute();
  }

  stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancel?.();
    this.#start();
    return this.#writing;
  }

  #start(): void {
    this.#cancel = undefined;
    this.#writing = this.#writing.then(() => this.#write());
  }

  async #write(): Promise<void> {
    const pending = [...this.#pending];
    this.#pending.clear();
    try {
      for (const [connection, noted] of pending) {
        await this.#writeOf(
          connection,
          noted.map((one) => this.#rowOf(one)),
        );
      }
    } catch (err) {
      this.#deps.logger.warn({ err }, 'failed deliveries cannot be written down; they are lost');
    }
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

  async #writeOf(connection: string, rows: readonly DeliveryFailureTable[]): Promise<void> {
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
