import type { Kysely } from 'kysely';
import { TributaryError } from '../../../core/errors.ts';
import type { ControlTables } from '../../../core/tables/control-tables.ts';
import type { ReadContext } from '../../context.ts';
import type { DestinationRow } from '../../destinations/find-destination.ts';

/**
 * The last part of the name of a destination: the slug of its kind, and with its id where the source has an
 * older one of the kind (spec config-api, last section).
 */
export type NameOf = (row: DestinationRow) => string;

/** The names of the destinations of one source. */
export async function destinationNames(
  { db, environment }: Pick<ReadContext, 'db' | 'environment'>,
  sourceId: string,
): Promise<NameOf> {
  const firsts = await db
    .selectFrom('destination')
    .select(['metadata_id', ({ fn }) => fn.min('position').as('position')])
    .where('source_id', '=', sourceId)
    .groupBy('metadata_id')
    .execute();
  const first = new Map(firsts.map((row) => [row.metadata_id, Number(row.position)]));
  return (row) => {
    const slug = environment.catalog.destination(row.metadata_id)?.slug ?? row.metadata_id;
    return first.get(row.metadata_id) === Number(row.position) ? slug : `${slug}-${row.id}`;
  };
}

/** The destination of a source that a path names, with its id or without. Rejects with `not_found`. */
export async function findNamedDestination(
  { db, environment }: Pick<ReadContext, 'db' | 'environment'>,
  sourceId: string,
  name: string,
): Promise<DestinationRow> {
  const { catalog } = environment;
  const row =
    (await firstOfKind(db, sourceId, kindId(catalog, name))) ??
    (await withId(db, sourceId, name.slice(name.lastIndexOf('-') + 1)));
  const slug = row && catalog.destination(row.metadata_id)?.slug;
  if (row !== undefined && (name === slug || name === `${slug}-${row.id}`)) return row;
  throw new TributaryError('not_found', `Destination '${name}' not found.`);
}

function kindId(catalog: ReadContext['environment']['catalog'], slug: string): string | undefined {
  const kind = catalog.destination(slug);
  return kind?.slug === slug ? kind.id : undefined;
}

async function firstOfKind(
  db: Kysely<ControlTables>,
  sourceId: string,
  metadataId: string | undefined,
): Promise<DestinationRow | undefined> {
  if (metadataId === undefined) return undefined;
  const query = db
    .selectFrom('destination')
    .selectAll()
    .where('source_id', '=', sourceId)
    .where('metadata_id', '=', metadataId);
  return query.orderBy('position').executeTakeFirst();
}

async function withId(
  db: Kysely<ControlTables>,
  sourceId: string,
  id: string,
): Promise<DestinationRow | undefined> {
  const query = db.selectFrom('destination').selectAll().where('source_id', '=', sourceId);
  return query.where('id', '=', id).executeTakeFirst();
}
