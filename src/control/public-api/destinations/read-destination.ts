import type { Kysely, Selectable } from 'kysely';
import type { Static } from 'typebox';
import { TributaryError } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { ControlTables, DestinationTable } from '../../../core/tables/control-tables.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import { destinationMetadata } from '../../catalog/destination-metadata.ts';
import { maskSettings } from '../../catalog/masked.ts';
import { type Page, type PageRequest, readPage } from '../frame/pagination.ts';
import type { Destination } from '../models/destination.ts';

export type DestinationRow = Selectable<DestinationTable>;

/** The row of a destination. Rejects with `not_found`. */
export async function findDestination(
  db: Kysely<ControlTables>,
  id: string,
): Promise<DestinationRow> {
  const row = await db
    .selectFrom('destination')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst();
  if (row === undefined) {
    throw new TributaryError('not_found', `Destination with id '${id}' not found.`);
  }
  return row;
}

/** A page of destinations, of one source or of all. */
export function listDestinationRows(
  db: Kysely<ControlTables>,
  request: PageRequest,
  sourceId?: string,
): Promise<Page<DestinationRow>> {
  const every = db.selectFrom('destination');
  const all = sourceId === undefined ? every : every.where('source_id', '=', sourceId);
  return readPage(request, {
    after: (position, count) =>
      all.selectAll().where('position', '>', position).orderBy('position').limit(count).execute(),
    before: (position, count) =>
      all
        .selectAll()
        .where('position', '<', position)
        .orderBy('position', 'desc')
        .limit(count)
        .execute(),
    total: () => all.select(({ fn }) => fn.countAll().as('total')).executeTakeFirstOrThrow(),
  });
}

/** Destinations as the API shows them: with the defaults, secrets masked. */
export function presentDestinations(
  catalog: Catalog,
  rows: readonly DestinationRow[],
): Static<typeof Destination>[] {
  return rows.flatMap((row) => {
    const definition = catalog.destination(row.metadata_id);
    if (definition === undefined) return [];
    const settings: JsonObject = JSON.parse(row.settings);
    return [
      {
        id: row.id,
        ...(row.name === null ? {} : { name: row.name }),
        enabled: row.enabled === 1,
        metadata: destinationMetadata(definition),
        sourceId: row.source_id,
        settings: maskSettings(definition, catalog.withDefaults(definition, settings)),
      },
    ];
  });
}

/** One destination as the API shows it. Rejects with `not_found`. */
export async function presentDestination(
  db: Kysely<ControlTables>,
  catalog: Catalog,
  id: string,
): Promise<Static<typeof Destination>> {
  const [destination] = presentDestinations(catalog, [await findDestination(db, id)]);
  if (destination === undefined) {
    throw new TributaryError('not_found', `The kind of destination '${id}' is not known here.`);
  }
  return destination;
}
