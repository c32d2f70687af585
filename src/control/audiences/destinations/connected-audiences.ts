import type { Kysely } from 'kysely';
import type { ConnectedAudience } from '../../../core/connected-audience.ts';
import type { ControlTables } from '../../../core/tables/control-tables.ts';

/** The audiences that destinations are connected to, by the id of the destination. Those that are off are among them: their events tell. */
export async function connectedAudiences(
  db: Kysely<ControlTables>,
): Promise<ReadonlyMap<string, readonly ConnectedAudience[]>> {
  const rows = await db
    .selectFrom('audience_destination as connection')
    .innerJoin('audience', 'audience.id', 'connection.audience_id')
    .select([
      'audience.id',
      'audience.space_id',
      'audience.key',
      'connection.destination_id',
      'connection.external_id',
      'connection.settings',
    ])
    .orderBy('connection.position')
    .execute();
  const byDestination = Map.groupBy(rows, (row) => row.destination_id);
  return new Map(
    [...byDestination].map(([destination, own]) => [
      destination,
      own.map((row) => ({
        ...{ id: row.id, spaceId: row.space_id, key: row.key },
        ...(row.external_id !== null && { externalId: row.external_id }),
        settings: JSON.parse(row.settings),
      })),
    ]),
  );
}
