import type { Kysely } from 'kysely';
import { limits } from '../../core/limits.ts';
import type { ControlTables } from '../../core/tables/control-tables.ts';

/** Parameters that one statement of any engine takes. */
const rowsAtOnce = 200;

/** When each of these discards was sent again; one that was not is missing. */
export async function readResent(
  db: Kysely<ControlTables>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const resent = new Map<string, number>();
  for (let at = 0; at < ids.length; at += rowsAtOnce) {
    const rows = await db
      .selectFrom('resent_discard')
      .selectAll()
      .where('id', 'in', ids.slice(at, at + rowsAtOnce))
      .execute();
    for (const { id, resent_at } of rows) resent.set(id, Number(resent_at));
  }
  return resent;
}

/** Remembers that they were, for as long as a discard is kept. */
export async function markResent(
  db: Kysely<ControlTables>,
  ids: readonly string[],
  now: number,
): Promise<void> {
  for (let at = 0; at < ids.length; at += rowsAtOnce) {
    await db
      .insertInto('resent_discard')
      .values(ids.slice(at, at + rowsAtOnce).map((id) => ({ id, resent_at: now })))
      .onConflict((conflict) => conflict.column('id').doNothing())
      .execute();
  }
  const kept = now - limits.discardsRetentionMs - limits.eventsRetentionMs;
  await db.deleteFrom('resent_discard').where('resent_at', '<', kept).execute();
}
