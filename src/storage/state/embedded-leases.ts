import assert from 'node:assert/strict';
import { type QueryExecutorProvider, sql } from 'kysely';
import type { Lease, Leases } from '../../core/lease.ts';

/** Leases of a database that has one process: they are always free, and only their epochs are kept. */
export class EmbeddedLeases implements Leases {
  readonly #db: QueryExecutorProvider;

  constructor(db: QueryExecutorProvider) {
    this.#db = db;
  }

  async tryTake(name: string): Promise<Lease> {
    const { rows } = await sql<{ epoch: number }>`
      insert into lease (name, owner, epoch, expires_at) values (${name}, 'embedded', 1, 0)
      on conflict (name) do update set epoch = epoch + 1
      returning epoch`.execute(this.#db);
    const epoch = rows[0]?.epoch;
    assert(epoch !== undefined, 'the statement returns its row');
    const end = new AbortController();
    return {
      name,
      epoch,
      holds: () => !end.signal.aborted,
      lost: end.signal,
      release: async () => end.abort(),
    };
  }

  take(name: string): Promise<Lease> {
    return this.tryTake(name);
  }
}
