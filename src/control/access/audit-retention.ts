import type { Kysely } from 'kysely';
import { limits } from '../../core/limits.ts';
import type { ControlTables } from '../../core/tables/control-tables.ts';

/**
 * Keeps the audit trail within its bounds, in age and in rows. Every so many writes of this process trim it, in
 * the transaction of the last of them; between, it is longer by no more than that many rows a node.
 */
export class AuditRetention {
  readonly #rows: number;
  #written = 0;

  constructor(rows: number = limits.auditRows) {
    this.#rows = rows;
  }

  /** To be called in the transaction of a write, after its record. */
  async written(db: Kysely<ControlTables>, now: number): Promise<void> {
    this.#written += 1;
    if (this.#written % limits.auditTrimEvery !== 0) return;
    await db
      .deleteFrom('audit_event')
      .where('at', '<', now - limits.auditMs)
      .execute();
    const last = await db
      .selectFrom('audit_event')
      .select('position')
      .orderBy('position', 'desc')
      .offset(this.#rows)
      .limit(1)
      .executeTakeFirst();
    if (last === undefined) return;
    await db.deleteFrom('audit_event').where('position', '<=', last.position).execute();
  }
}
