import type { Kysely, Selectable } from 'kysely';
import { TributaryError } from '../../core/errors.ts';
import type { ControlTables } from '../../core/tables/control-tables.ts';
import type { AlertTable } from '../../core/tables/delivery-tables.ts';

export type AlertRow = Selectable<AlertTable>;

/** What can be watched: of a destination the first two, of a source the last. */
export const alertMetrics = ['SUCCESS_RATE', 'LAG_SECONDS', 'VOLUME'] as const;

/** Rejects with `not_found`. */
export async function findAlert(db: Kysely<ControlTables>, id: string): Promise<AlertRow> {
  const row = await db.selectFrom('alert').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw new TributaryError('not_found', `Alert with id '${id}' not found.`);
  return row;
}
