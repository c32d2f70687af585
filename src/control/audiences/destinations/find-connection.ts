import type { Kysely, Selectable } from 'kysely';
import { TributaryError } from '../../../core/errors.ts';
import type { ControlTables } from '../../../core/tables/control-tables.ts';
import type { AudienceDestinationTable } from '../../../core/tables/space-tables.ts';
import type { AudienceRow } from '../find-audience.ts';

export type AudienceConnectionRow = Selectable<AudienceDestinationTable>;

/** The connection of an audience, by its id or by that of the destination. Rejects with `not_found`. */
export async function findAudienceConnection(
  db: Kysely<ControlTables>,
  audience: Pick<AudienceRow, 'id'>,
  name: string,
): Promise<AudienceConnectionRow> {
  const row = await db
    .selectFrom('audience_destination')
    .selectAll()
    .where('audience_id', '=', audience.id)
    .where((where) => where.or([where('id', '=', name), where('destination_id', '=', name)]))
    .executeTakeFirst();
  if (row !== undefined) return row;
  throw new TributaryError('not_found', `The audience is not connected to '${name}'.`);
}
