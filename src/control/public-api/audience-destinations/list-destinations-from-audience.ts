import type { Kysely } from 'kysely';
import type { ControlTables } from '../../../core/tables/control-tables.ts';
import type { AudienceConnectionRow } from '../../audiences/destinations/find-connection.ts';
import { findAudience } from '../../audiences/find-audience.ts';
import type { DestinationRow } from '../../destinations/find-destination.ts';
import type { Environment } from '../../environment.ts';
import { tablePage } from '../../paging/table-page.ts';
import { type Static, Type } from '../../schemas/type.ts';
import { presentDestinations } from '../destinations/present-destination.ts';
import { isoTime } from '../frame/iso-time.ts';
import { readOperation } from '../frame/operation.ts';
import { PaginatedQuery, PaginationOutput, pageRequest } from '../frame/pagination.ts';
import { Id } from '../frame/schema.ts';
import { ConnectedDestination } from './connection-models.ts';

export const listDestinationsFromAudience = readOperation({
  operationId: 'listDestinationsFromAudience',
  method: 'GET',
  path: '/spaces/{spaceId}/audiences/{audienceId}/destination-connections',
  tag: 'Activations',
  summary: 'The destinations an audience is connected to, oldest first',
  permission: 'read',
  on: { space: 'spaceId' },
  tiers: ['v1alpha'],
  perMinute: 50,
  params: Type.Object({ spaceId: Id, audienceId: Id }),
  query: PaginatedQuery,
  response: Type.Object({
    connections: Type.Array(ConnectedDestination),
    pagination: Type.Optional(PaginationOutput),
  }),
  handle: async ({ db, environment }, { params, query }) => {
    const audience = await findAudience(db, params.spaceId, params.audienceId);
    const every = db.selectFrom('audience_destination').selectAll();
    const own = every.where('audience_id', '=', audience.id);
    const { rows, pagination } = await tablePage(pageRequest(query), own);
    const destinations = await destinationsOf(db, rows);
    return {
      connections: rows.flatMap((row) => {
        const destination = destinations.get(row.destination_id);
        return destination === undefined ? [] : presentConnection(environment, row, destination);
      }),
      pagination,
    };
  },
});

async function destinationsOf(
  db: Kysely<ControlTables>,
  rows: readonly AudienceConnectionRow[],
): Promise<ReadonlyMap<string, DestinationRow>> {
  if (rows.length === 0) return new Map();
  const ids = rows.map(({ destination_id }) => destination_id);
  const found = await db.selectFrom('destination').selectAll().where('id', 'in', ids).execute();
  return new Map(found.map((row) => [row.id, row]));
}

function presentConnection(
  environment: Environment,
  row: AudienceConnectionRow,
  destination: DestinationRow,
): Static<typeof ConnectedDestination>[] {
  return presentDestinations(environment, [destination]).map(({ metadata, ...shown }) => ({
    id: row.id,
    ...(shown.name !== undefined && { name: shown.name }),
    sourceId: shown.sourceId,
    enabled: shown.enabled,
    createdAt: isoTime(Number(row.created_at)),
    updatedAt: isoTime(Number(row.updated_at)),
    settings: shown.settings,
    destinationId: destination.id,
    metadata: { id: metadata.id, name: metadata.name, slug: metadata.slug },
    idSyncConfiguration: JSON.parse(row.id_sync),
    connectionSettings: JSON.parse(row.settings),
  }));
}
