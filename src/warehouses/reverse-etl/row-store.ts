import type { Lease } from '../../core/lease.ts';
import { assertHeld } from '../../core/lease.ts';
import type { StateStore } from '../../core/state.ts';
import type { WorkTables } from '../../core/tables/work-tables.ts';
import type { RowChange } from './row-change.ts';

/**
 * What the destination of a subscription has: a hash of each row that it took. Written page by page, right after the page
 * was delivered: what a crash cuts off is sent again, with the same messageIds. Writes are refused with `lease_lost`
 * once another node runs the syncs.
 */
export class RowStore {
  readonly #store: StateStore<WorkTables>;
  readonly #lease: Lease;

  constructor(store: StateStore<WorkTables>, lease: Lease) {
    this.#store = store;
    this.#lease = lease;
  }

  /** The hashes of the rows of these keys that it has. */
  async hashes(subscription: string, keys: readonly string[]): Promise<Map<string, string>> {
    if (keys.length === 0) return new Map();
    const rows = await this.#store.db
      .selectFrom('reverse_etl_row')
      .select(['row_key', 'hash'])
      .where('subscription', '=', subscription)
      .where('row_key', 'in', keys)
      .execute();
    return new Map(rows.map(({ row_key, hash }) => [row_key, hash]));
  }

  /** All it has, in the order of the keys, those above `after`. */
  async page(
    subscription: string,
    after: string,
    count: number,
  ): Promise<readonly { readonly row_key: string; readonly hash: string }[]> {
    return await this.#store.db
      .selectFrom('reverse_etl_row')
      .select(['row_key', 'hash'])
      .where('subscription', '=', subscription)
      .where('row_key', '>', after)
      .orderBy('row_key')
      .limit(count)
      .execute();
  }

  /** The destination has taken these. */
  async taken(subscription: string, changes: readonly RowChange[]): Promise<void> {
    const gone = changes.filter(({ kind }) => kind === 'deleted').map(({ key }) => key);
    const there = changes
      .filter(({ kind }) => kind !== 'deleted')
      .map(({ key, hash }) => ({ subscription, row_key: key, hash }));
    if (gone.length + there.length === 0) return;
    await this.#store.db.transaction().execute(async (rows) => {
      await assertHeld(rows.$pickTables<'lease'>(), this.#lease);
      if (gone.length > 0) {
        await rows
          .deleteFrom('reverse_etl_row')
          .where('subscription', '=', subscription)
          .where('row_key', 'in', gone)
          .execute();
      }
      if (there.length > 0) {
        await rows
          .insertInto('reverse_etl_row')
          .values(there)
          .onConflict((conflict) =>
            conflict
              .columns(['subscription', 'row_key'])
              .doUpdateSet({ hash: (eb) => eb.ref('excluded.hash') }),
          )
          .execute();
      }
    });
  }
}
