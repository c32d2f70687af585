import type { Insertable, Selectable } from 'kysely';
import { assertHeld, type Lease } from '../../core/lease.ts';
import { limits } from '../../core/limits.ts';
import type { StateStore } from '../../core/state.ts';
import type { ReverseEtlRunTable, WorkTables } from '../../core/tables/work-tables.ts';

export type Run = Selectable<ReverseEtlRunTable>;

/** The syncs of all subscriptions: the control process reads here what came of them. */
export class RunStore {
  readonly #store: StateStore<WorkTables>;
  readonly #lease: Lease;

  constructor(store: StateStore<WorkTables>, lease: Lease) {
    this.#store = store;
    this.#lease = lease;
  }

  async find(id: string): Promise<Run | undefined> {
    return await this.#store.db
      .selectFrom('reverse_etl_run')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
  }

  /** The one that a crash or a stop cut off. */
  async unfinished(subscription: string): Promise<Run | undefined> {
    return await this.#store.db
      .selectFrom('reverse_etl_run')
      .selectAll()
      .where('subscription', '=', subscription)
      .where('finished_at', 'is', null)
      .executeTakeFirst();
  }

  /** When the last one that the schedule began did so; undefined before the first. */
  async lastScheduled(subscription: string): Promise<number | undefined> {
    const { last } = await this.#store.db
      .selectFrom('reverse_etl_run')
      .select(({ fn }) => fn.max('started_at').as('last'))
      .where('subscription', '=', subscription)
      .where('scheduled', '=', 1)
      .executeTakeFirstOrThrow();
    return last === null ? undefined : Number(last);
  }

  /** Those whose subscription is gone are forgotten, with what it had taken. */
  async keepOnly(subscriptions: readonly string[]): Promise<void> {
    const known = await this.#store.db
      .selectFrom('reverse_etl_run')
      .select('subscription')
      .distinct()
      .execute();
    const gone = known
      .map(({ subscription }) => subscription)
      .filter((one) => !subscriptions.includes(one));
    for (const subscription of gone) {
      while (await this.#forgetRows(subscription));
      await this.#store.db.transaction().execute(async (rows) => {
        await assertHeld(rows.$pickTables<'lease'>(), this.#lease);
        await rows.deleteFrom('reverse_etl_run').where('subscription', '=', subscription).execute();
      });
    }
  }

  async begin(run: Insertable<ReverseEtlRunTable>): Promise<void> {
    await this.#store.db.transaction().execute(async (rows) => {
      await assertHeld(rows.$pickTables<'lease'>(), this.#lease);
      await rows.insertInto('reverse_etl_run').values(run).execute();
      const oldest = await rows
        .selectFrom('reverse_etl_run')
        .select('started_at')
        .where('subscription', '=', run.subscription)
        .orderBy('started_at', 'desc')
        .offset(limits.reverseEtlRunsKept)
        .limit(1)
        .executeTakeFirst();
      if (oldest === undefined) return;
      await rows
        .deleteFrom('reverse_etl_run')
        .where('subscription', '=', run.subscription)
        .where('started_at', '<=', oldest.started_at)
        .execute();
    });
  }

  async update(id: string, values: Partial<ReverseEtlRunTable>): Promise<void> {
    await this.#store.db.transaction().execute(async (rows) => {
      await assertHeld(rows.$pickTables<'lease'>(), this.#lease);
      await rows.updateTable('reverse_etl_run').set(values).where('id', '=', id).execute();
    });
  }

  /** Some of the rows that a subscription had taken; true while there may be more. */
  async #forgetRows(subscription: string): Promise<boolean> {
    return await this.#store.db.transaction().execute(async (rows) => {
      await assertHeld(rows.$pickTables<'lease'>(), this.#lease);
      const keys = await rows
        .selectFrom('reverse_etl_row')
        .select('row_key')
        .where('subscription', '=', subscription)
        .limit(limits.commitRows)
        .execute();
      if (keys.length === 0) return false;
      await rows
        .deleteFrom('reverse_etl_row')
        .where('subscription', '=', subscription)
        .where(
          'row_key',
          'in',
          keys.map(({ row_key }) => row_key),
        )
        .execute();
      return true;
    });
  }
}
