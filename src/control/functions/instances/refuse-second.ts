import type { Kysely } from 'kysely';
import { TributaryError } from '../../../core/errors.ts';
import type { ControlTables } from '../../../core/tables/control-tables.ts';

/**
 * Throws `conflict` where another instance is on in front of the same source or destination (spec tracking-api §12): which of two
 * would run is nothing that anybody has said.
 */
export async function refuseSecond(
  db: Kysely<ControlTables>,
  id: string,
  place: { readonly sourceId: string | null; readonly destinationId: string | null },
): Promise<void> {
  const other = await db
    .selectFrom('function_instance')
    .select('id')
    .where('id', '!=', id)
    .where('enabled', '=', 1)
    .where((row) =>
      place.destinationId === null
        ? row('source_id', '=', place.sourceId)
        : row('destination_id', '=', place.destinationId),
    )
    .executeTakeFirst();
  if (other === undefined) return;
  const message = `The insert function instance '${other.id}' is on there: switch it off first.`;
  throw new TributaryError('conflict', message);
}
