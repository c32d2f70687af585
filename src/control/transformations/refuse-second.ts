import type { Kysely } from 'kysely';
import type { ControlTables } from '../../core/tables/control-tables.ts';
import { InputFailure } from '../input-failure.ts';

/** One for each source, kind of destination and events; else it would matter which comes first (spec public-api §6). */
export async function refuseSecond(
  db: Kysely<ControlTables>,
  place: { readonly sourceId: string; readonly metadataId: string; readonly matches: string },
  except?: string,
): Promise<void> {
  const rows = await db
    .selectFrom('transformation')
    .select(['id', 'matches'])
    .where('source_id', '=', place.sourceId)
    .where('destination_metadata_id', '=', place.metadataId)
    .execute();
  const other = rows.find(({ id, matches }) => matches === place.matches && id !== except);
  if (other === undefined) return;
  const message = `"if": transformation '${other.id}' has the same events of the source and destination`;
  throw new InputFailure([{ field: 'if', message }]);
}
